import JSON
import MCP
import MCPClient

/// Completions, and the resources of templates whose variables they give a value.
extension ServerExercise {
    /// How many arguments are completed at most.
    private static let completionLimit = 50

    /// An argument that a server may complete.
    private struct Argument: Hashable {
        let name: String
        let subject: TesterSession.CompletionSubject

        var label: String {
            switch subject {
            case .prompt(let prompt): "completion/complete `\(name)` of prompt \"\(prompt)\""
            case .template(let uri): "completion/complete `\(name)` of template \"\(uri)\""
            }
        }
    }

    /// Completes the arguments of prompts and templates, and reads a resource of each template.
    mutating func useTemplates(_ survey: Survey) async {
        let templates = templates(survey)
        expect(min(templates.count, Self.limit))
        let variables = templates.flatMap { template in
            template.pattern.variables.map { Argument(name: $0, subject: .template(template.uri)) }
        }
        let values = await complete(variables + arguments(ofPromptsIn: survey))
        for template in templates.prefix(Self.limit) { await read(template.uri, template.pattern, values) }
        if templates.count > Self.limit {
            omit("\(templates.count - Self.limit) resource templates", "only \(Self.limit) are used")
        }
    }

    private mutating func templates(_ survey: Survey) -> [(uri: String, pattern: URITemplate)] {
        survey.items(.resourceTemplates).compactMap { item in
            guard let uri = item["uriTemplate"]?.string else { return nil }
            do throws(URITemplate.Fault) {
                return (uri, try URITemplate(uri))
            } catch {
                report(.schemaMismatch, "resource template \"\(uri)\": \(error)")
                omit("resource template \"\(uri)\"", "it cannot be read")
                return nil
            }
        }
    }

    private func arguments(ofPromptsIn survey: Survey) -> [Argument] {
        survey.items(.prompts).flatMap { prompt -> [Argument] in
            guard let name = prompt["name"]?.string else { return [] }
            return (prompt["arguments"]?.elements ?? []).compactMap { $0["name"]?.string }
                .map { Argument(name: $0, subject: .prompt(name)) }
        }
    }

    /// Completes arguments of which nothing is typed yet.
    ///
    /// - Returns: The first value of each.
    private mutating func complete(_ arguments: [Argument]) async -> [Argument: String] {
        guard !arguments.isEmpty else { return [:] }
        let what = "the completion of \(arguments.count) argument\(arguments.count == 1 ? "" : "s")"
        guard connection.client.capabilities.json["completions"] != nil else {
            omit(what, "the server does not declare the capability completions")
            return [:]
        }
        expect(min(arguments.count, Self.completionLimit))
        var values: [Argument: String] = [:]
        for argument in arguments.prefix(Self.completionLimit) {
            guard isUsable else {
                omit(argument.label, Self.silent)
                continue
            }
            begin(argument.label)
            let report = await session.complete(argument.name, of: argument.subject, on: connection.id)
            judge(report, argument.label, madeUp: ["value": ""])
            values[argument] = report.firstCompletion
        }
        if arguments.count > Self.completionLimit {
            let rest = arguments.count - Self.completionLimit
            omit("the completion of \(rest) arguments", "only \(Self.completionLimit) are completed")
        }
        return values
    }

    private mutating func read(_ uri: String, _ template: URITemplate, _ values: [Argument: String]) async {
        var known: [String: String] = [:]
        for name in template.variables {
            let sample = request.samples.templates[uri]?[name]?.string
            guard let value = sample ?? values[Argument(name: name, subject: .template(uri))] else {
                return omit(
                    "resource template \"\(uri)\"",
                    "no value of `\(name)` is known, because completion gives none"
                )
            }
            known[name] = value
        }
        let values = JSONObject(known.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) })
        await read(template.expanded(with: known), madeUp: request.samples.templates[uri] == nil ? values : [:])
    }
}

extension Report {
    /// The first value of a completion; nil if it has none.
    fileprivate var firstCompletion: String? {
        guard let member = members.first(where: { $0.key == "completion" }), case .payload(let text) = member.value
        else { return nil }
        return text["values"]?.elements?.first?.string
    }
}
