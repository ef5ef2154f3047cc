import JSON
import MCP
import MCPClient
import Terminal
import Tester

/// Completes a line of a session from what the server offers.
///
/// A list that is not known yet is requested once; values of prompts and templates come from the server's completions.
struct ShellCompletion: Sendable {
    let session: TesterSession

    typealias Candidate = LineCompletion.Candidate

    /// The possibilities for the word at the end of a text.
    func completion(of before: String) async -> LineCompletion {
        let line = ShellWords(before)
        let word = line.endsInWord ? line.words[line.words.count - 1] : ShellWords.Word()
        let earlier = line.endsInWord ? line.words.dropLast().map(\.text) : line.texts
        var candidates = await candidates(for: word.text, after: Array(earlier))
        candidates = candidates.filter { $0.text.hasPrefix(word.text) }
        for index in candidates.indices { candidates[index].text = Self.quoted(candidates[index].text) }
        return LineCompletion(word: word.raw, candidates: candidates)
    }

    /// A word with quotes where it needs them, for an argument only around its value.
    private static func quoted(_ text: String) -> String {
        guard let equals = text.firstIndex(of: "="), text[..<equals].allSatisfy({ !$0.isWhitespace && $0 != "'" })
        else {
            return ShellWords.quoted(text)
        }
        let value = String(text[text.index(after: equals)...])
        // JSON needs none.
        if value.isEmpty || text[..<equals].hasSuffix(":") { return text }
        return text[...equals] + ShellWords.quoted(value)
    }

    private func candidates(for word: String, after words: [String]) async -> [Candidate] {
        guard let command = words.first else { return ShellRootCommand.names.map { Candidate($0) } }
        if let values = await optionValues(after: words) { return values }
        if word.hasPrefix("-") { return ShellRootCommand.options(of: command).map { Candidate($0) } }
        let arguments = Self.arguments(words)
        switch command {
        case "help", "?": return arguments.isEmpty ? ShellRootCommand.names.map { Candidate($0) } : []
        case "describe": return arguments.isEmpty ? await names(.tools) : []
        case "call", "validate":
            guard let tool = arguments.first else { return await names(.tools) }
            return await toolArguments(of: tool, word, given: Array(arguments.dropFirst()))
        case "prompt":
            guard let prompt = arguments.first else { return await names(.prompts) }
            return await promptArguments(of: prompt, word, given: Array(arguments.dropFirst()))
        case "read": return arguments.isEmpty ? await resources(word) : []
        case "raw": return arguments.isEmpty ? methods : []
        case "respond": return RespondCommand.actions.map { Candidate($0) }
        case "complete": return await completeWords(words, arguments)
        default: return []
        }
    }

    /// The words of a command that are not options or their values.
    private static func arguments(_ words: [String]) -> [String] {
        var arguments: [String] = []
        var isValue = false
        for word in words.dropFirst() {
            if !isValue, !word.hasPrefix("-") { arguments.append(word) }
            isValue = optionsWithValues.contains(word)
        }
        return arguments
    }

    private static let optionsWithValues: Set = [
        "--answer", "--answers", "--build", "--bytes", "--call", "--context", "--fill", "--kind", "--last",
        "--llm-config",
        "--prompt", "--task", "--template", "--watch",
    ]

    /// The values of the option before the word; nil if there is none that has a value.
    private func optionValues(after words: [String]) async -> [Candidate]? {
        switch (words.first, words.last) {
        case ("complete", "--prompt"): await names(.prompts)
        case ("complete", "--template"): await names(.resourceTemplates)
        case ("events", "--kind"): EventsCommand.kinds.map { Candidate($0) }
        case ("call", "--task"): ["wait", "handle"].map { Candidate($0) }
        case ("test", "--call"): await names(.tools)
        case (_, let option?) where Self.optionsWithValues.contains(option) && words.count > 1 && words[0] != "list": []
        default: nil
        }
    }

    // MARK: - Names

    private func names(_ kind: ListKind) async -> [Candidate] {
        let key: StaticString =
            switch kind {
            case .tools, .prompts: "name"
            case .resources: "uri"
            case .resourceTemplates: "uriTemplate"
            }
        return await session.listed(kind).compactMap { $0[key]?.string }.map { Candidate($0) }
    }

    /// The methods that a client may send in this revision.
    private var methods: [Candidate] {
        guard let profile = session.connections.last?.client.revision.profile else { return [] }
        let methods = profile.methods.filter { $0.value.directions.contains(.clientToServer) }
        return methods.keys.map(\.rawValue).sorted().map { Candidate($0) }
    }

    // MARK: - Arguments of tools

    private func toolArguments(of tool: String, _ word: String, given: [String]) async -> [Candidate] {
        guard let schema = await session.inputSchema(of: tool), let properties = schema["properties"]?.object else {
            return []
        }
        if let equals = word.firstIndex(of: "=") {
            let name = String(word[..<equals])
            guard let property = properties[name] else { return [] }
            return Self.values(of: property, root: schema).map { Candidate("\(name)=\($0)", label: $0) }
        }
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        let names = properties.keys.filter { name in !Self.isGiven(name, in: given) }
        // What the tool needs comes first.
        let sorted = names.filter(required.contains) + names.filter { !required.contains($0) }
        return sorted.map { name in
            let kind = ExpectedValue(properties[name] ?? true, root: schema).short
            let remark = [required.contains(name) ? "required" : nil, kind].compactMap(\.self).joined(separator: ", ")
            return Candidate("\(name)=", label: remark.isEmpty ? "\(name)=" : "\(name)= (\(remark))", isComplete: false)
        }
    }

    private static func isGiven(_ name: String, in words: [String]) -> Bool {
        words.contains { $0.hasPrefix("\(name)=") || $0.hasPrefix("\(name):=") }
    }

    /// The values that a schema names: its choices, or else its default and examples.
    private static func values(of property: JSONValue, root: JSONValue) -> [String] {
        let expected = ExpectedValue(property, root: root)
        var values = expected.choices
        if expected.types.contains("boolean") { values += [true, false] }
        if values.isEmpty { values = [property["default"]].compactMap(\.self) + (property["examples"]?.array ?? []) }
        var texts: [String] = []
        for value in values {
            let text = value.string ?? value.description
            if !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    // MARK: - Arguments of prompts and templates

    private func promptArguments(of prompt: String, _ word: String, given: [String]) async -> [Candidate] {
        let item = await session.listed(.prompts).first { $0["name"]?.string == prompt }
        let arguments = item?["arguments"]?.elements ?? []
        guard let equals = word.firstIndex(of: "=") else {
            let missing = arguments.filter { !Self.isGiven($0["name"]?.string ?? "", in: given) }
            let isRequired = { (argument: JSONText) in argument["required"]?.value().bool ?? false }
            return (missing.filter(isRequired) + missing.filter { !isRequired($0) }).compactMap { argument in
                guard let name = argument["name"]?.string else { return nil }
                return Candidate(
                    "\(name)=",
                    label: isRequired(argument) ? "\(name)= (required)" : "\(name)=",
                    isComplete: false
                )
            }
        }
        let name = String(word[..<equals])
        var others: JSONObject = [:]
        for word in given {
            guard let sign = word.firstIndex(of: "=") else { continue }
            others[String(word[..<sign])] = .string(String(word[word.index(after: sign)...]))
        }
        let values = await values(of: name, in: .prompt(prompt), String(word[word.index(after: equals)...]), others)
        return values.map { Candidate("\(name)=\($0)", label: $0) }
    }

    /// The resources, and what the templates make of the word.
    private func resources(_ word: String) async -> [Candidate] {
        var candidates = await names(.resources)
        for template in await session.listed(.resourceTemplates).compactMap({ $0["uriTemplate"]?.string }) {
            guard let place = TemplatePlace(template, typed: word) else { continue }
            guard let variable = place.variable else {
                candidates.append(Candidate(place.prefix, label: template, isComplete: false))
                continue
            }
            let values = await values(of: variable, in: .template(template), place.value, place.others)
            candidates += values.map { value in
                Candidate(place.prefix + value + place.suffix, isComplete: place.isLast)
            }
            if values.isEmpty { candidates.append(Candidate(word, label: template, isComplete: false)) }
        }
        return candidates
    }

    /// The values that the server offers for an argument; none if it does not complete.
    private func values(
        of argument: String,
        in subject: TesterSession.CompletionSubject,
        _ typed: String,
        _ others: JSONObject
    ) async -> [String] {
        guard let client = session.connections.last?.client, client.capabilities.json["completions"] != nil else {
            return []
        }
        var limits = session.limits
        limits.request = Self.limit
        limits.idle = Self.limit
        let context = others.isEmpty || !client.revision.has(.completionContext) ? nil : others
        let report = await session.complete(argument, of: subject, value: typed, context: context, limits: limits)
        return report.structured.value()["completion"]?["values"]?.array?.compactMap(\.string) ?? []
    }

    /// No one waits longer for a completion.
    private static let limit = Duration.seconds(5)

    // MARK: - Other commands

    private func completeWords(_ words: [String], _ arguments: [String]) async -> [Candidate] {
        guard arguments.isEmpty, let option = words.firstIndex(where: { $0 == "--prompt" || $0 == "--template" }),
            words.indices.contains(option + 1)
        else { return [] }
        let subject = words[option + 1]
        if words[option] == "--template" { return TemplatePlace.variables(of: subject).map { Candidate($0) } }
        let item = await session.listed(.prompts).first { $0["name"]?.string == subject }
        return (item?["arguments"]?.elements ?? []).compactMap { $0["name"]?.string }.map { Candidate($0) }
    }
}

extension ExpectedValue {
    /// The types in a word or two.
    fileprivate var short: String? {
        choices.isEmpty ? (types.isEmpty ? nil : types.joined(separator: " or ")) : "choice"
    }
}
