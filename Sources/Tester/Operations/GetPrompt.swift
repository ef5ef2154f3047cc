public import JSON
import JSONRPC
import JSONSchema
import MCP
import MCPClient
import TextUtilities

extension TesterSession {
    /// Gets a prompt of a target.
    public func getPrompt(
        _ prompt: String,
        arguments: JSONText? = nil,
        with options: CallOptions = CallOptions()
    ) async -> Report {
        await call(.prompt(prompt), with: options) { [self] operation, pending in
            operation.connection.count { $0.promptsExecuted += 1 }
            let label = "prompts/get \"\(prompt)\""
            do throws(CallError) {
                let result = try await operation.client.getPrompt(
                    prompt,
                    arguments: arguments,
                    limits: options.limits?.call,
                    fields: options.headers.fields,
                    onProgress: pending.onProgress,
                    onInputRequest: pending.respond
                )
                return report(result, prompt: prompt, label: label, operation)
            } catch {
                var failure = operation.failure(error, during: label)
                if case .rejected(let refusal) = error.cause, refusal.errorCode != .methodNotFound {
                    await settle(&failure, prompt: prompt, arguments: arguments, operation)
                }
                failure.details["prompt_name"] = .string(prompt)
                failure.details["arguments"] = arguments?.value() ?? [:]
                let failedCall = FailedCall(.prompt(prompt, arguments: arguments), failure)
                operation.connection.keep(failedCall)
                var report = operation.report(failure, emptyPayload: ("prompt", nil))
                report.commandLine = failedCall.commandLine(for: operation.connection.request)
                return report
            }
        }
    }

    private func report(_ result: CallResult, prompt: String, label: String, _ operation: Operation) -> Report {
        let resultType = result.result["resultType"]?.string
        if let failure = ResultKind.failure(of: resultType, during: label, in: operation.client.revision) {
            return operation.report(failure, showing: result, emptyPayload: ("prompt", nil))
        }
        guard let messages = result.result["messages"], messages.kind == .array else {
            let failure = Failure(
                .protocolError,
                .executionError,
                "The result of \(label) has no array \"messages\".",
                nextStep: "Return messages: an array of objects with role and content."
            )
            return operation.report(failure, showing: result, emptyPayload: ("prompt", nil))
        }
        let count = messages.elements?.count ?? 0
        var report = operation.report("prompt \"\(prompt)\" returned \(count) message\(count == 1 ? "" : "s")")
        var members: [Report.Member] = [
            .init(key: "name", value: .value(.string(prompt))),
            .init(key: "description", value: result.result["description"].map(Report.Part.text) ?? .value(.null)),
            .init(key: "messages", value: .media(messages)),
        ]
        for (key, text) in result.result.members ?? [] where key != "messages" && key != "description" {
            members.append(.init(key: key == "_meta" ? "meta" : key, value: .payload(text)))
        }
        report.add("prompt", .object(members), detail: .core)
        report.addEvents(since: operation, of: result.requests)
        report.add("metadata", .object(operation.metadata(of: result.requests)))
        return report
    }

    /// Distinguishes an unknown prompt and missing arguments from other failures, by the list of prompts.
    private func settle(
        _ failure: inout Failure,
        prompt: String,
        arguments: JSONText?,
        _ operation: Operation
    ) async {
        if operation.connection.surface(.prompts) == nil, operation.client.link.end == nil {
            _ = await fetch(.prompts, operation)
            failure.details["checked_against"] = "prompts/list, requested after the failure"
        }
        guard let surface = operation.connection.surface(.prompts), surface.listing.shortfall == nil else { return }
        guard let listed = surface.item(prompt) else {
            let names = surface.names
            let close = nearest(prompt, among: names)
            failure.errorType = .promptNotFound
            failure.message =
                "The server has no prompt \"\(prompt)\"." + (close.map { " Did you mean \"\($0)\"?" } ?? "")
            failure.nextStep =
                close.map { "Get \"\($0)\"." }
                ?? "list_prompts shows \(names.count == 1 ? "the only prompt" : "all \(names.count) prompts")."
            failure.details["available_prompts"] = .array(names.prefix(100).map(JSONValue.string))
            return
        }
        let given = Set(arguments?.members?.map(\.key) ?? [])
        let required = Prompt(json: listed.value().object ?? [:]).arguments?.filter { $0.required == true } ?? []
        let missing = required.compactMap(\.name).filter { !given.contains($0) }
        guard !missing.isEmpty else { return }
        failure.errorType = .invalidArguments
        failure.message += " Missing required arguments: \(missing.joined(separator: ", "))."
        failure.nextStep = "Add the missing arguments."
        failure.details["missing_arguments"] = .array(missing.map(JSONValue.string))
    }
}
