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
        let answer = await call(.prompt(prompt), with: options) { [self] operation, pending in
            do throws(PromptFailure) {
                let result = try await fetch(prompt, arguments, options, operation, pending)
                return report(result, prompt: prompt, operation)
            } catch {
                var report = error.report(operation, emptyPayload: ("prompt", nil))
                report.commandLine = error.failedCall?.commandLine(for: operation.connection.request)
                return report
            }
        }
        keepIfNotSent(answer, of: .prompt(prompt, arguments: arguments), with: options)
        return answer
    }

    /// Why a prompt has no messages.
    struct PromptFailure: Error {
        var failure: Failure
        /// The invalid result, if there is one.
        var result: CallResult?
        /// What can be repeated.
        var failedCall: FailedCall?

        func report(_ operation: Operation, emptyPayload: (key: String, value: JSONValue)) -> Report {
            guard let result else { return operation.report(failure, emptyPayload: emptyPayload) }
            return operation.report(failure, showing: result, emptyPayload: emptyPayload)
        }
    }

    /// Sends `prompts/get`; the result has an array of messages.
    func fetch(
        _ prompt: String,
        _ arguments: JSONText?,
        _ options: CallOptions,
        _ operation: Operation,
        _ pending: PendingCall
    ) async throws(PromptFailure) -> CallResult {
        operation.connection.count { $0.promptsExecuted += 1 }
        let label = "prompts/get \"\(prompt)\""
        let result: CallResult
        do throws(CallError) {
            result = try await operation.client.getPrompt(
                prompt,
                arguments: arguments,
                limits: options.limits?.call,
                fields: options.headers.fields,
                onProgress: pending.onProgress,
                onInputRequest: pending.respond
            )
        } catch {
            var failure = operation.failure(error, during: label)
            if case .rejected(let refusal) = error.cause, refusal.errorCode != .methodNotFound {
                await settle(&failure, prompt: prompt, arguments: arguments, operation)
                if failure.errorType == .executionError { operation.addException(to: &failure) }
            }
            failure.details["prompt_name"] = .string(prompt)
            failure.details["arguments"] = arguments?.value() ?? [:]
            let failedCall = FailedCall(.prompt(prompt, arguments: arguments), failure)
            operation.connection.keep(failedCall)
            throw PromptFailure(failure: failure, failedCall: failedCall)
        }
        guard let failure = fault(of: result, label: label, operation) else { return result }
        throw PromptFailure(failure: failure, result: result)
    }

    private func fault(of result: CallResult, label: String, _ operation: Operation) -> Failure? {
        let resultType = result.result["resultType"]?.string
        if let failure = ResultKind.failure(of: resultType, during: label, in: operation.client.revision) {
            return failure
        }
        if result.result["messages"]?.kind == .array { return nil }
        return Failure(
            .protocolError,
            .executionError,
            "The result of \(label) has no array \"messages\".",
            nextStep: "Return messages: an array of objects with role and content."
        )
    }

    private func report(_ result: CallResult, prompt: String, _ operation: Operation) -> Report {
        let messages = result.result["messages"] ?? JSONText(JSONValue.array([]))
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
        let names = missing.joined(separator: ", ")
        // Most libraries say so themselves.
        let isSaid = failure.message.lowercased().contains("missing") && missing.allSatisfy(failure.message.contains)
        if !isSaid { failure.message += " Missing required arguments: \(names)." }
        failure.nextStep = "Add the missing arguments: \(names)."
        failure.details["missing_arguments"] = .array(missing.map(JSONValue.string))
    }
}
