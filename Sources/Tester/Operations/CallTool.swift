public import JSON
import JSONRPC
import JSONSchema
import MCP
import MCPClient
import TextUtilities

extension TesterSession {
    /// Calls a tool of a target with one request.
    ///
    /// Arguments and result are checked against the tool's schemas if the tools were listed before. If the code of an
    /// error leaves its cause open, the tools are listed after it, and the details say so. If the target requests input
    /// first, the report has that in ``Report/pending``.
    ///
    /// - Parameters:
    ///   - options: The connection, the limits, and prepared answers.
    ///   - task: Lets the target run the call as a task, and says what to return.
    ///   - force: Calls a tool even if its schema forbids calls over HTTP.
    public func callTool(
        _ tool: String,
        arguments: JSONText? = nil,
        with options: CallOptions = CallOptions(),
        task: TaskMode? = nil,
        force: Bool = false
    ) async -> Report {
        if let arguments { secrets.add(Secret.inArguments(arguments)) }
        if let task { return await startTool(tool, arguments: arguments, with: options, as: task) }
        return await callTool(tool, arguments, with: options, force: force)
    }

    private func callTool(
        _ tool: String,
        _ arguments: JSONText?,
        with options: CallOptions,
        force: Bool
    ) async -> Report {
        let report = await call(.tool(tool), with: options) { operation, pending in
            operation.connection.count { $0.toolsCalled += 1 }
            let call = ToolCall(tool: tool, arguments: arguments, operation: operation)
            do throws(CallError) {
                // A progress token is always sent, so that progress restarts the idle timeout.
                let result = try await operation.client.callTool(
                    tool,
                    arguments: arguments ?? JSONText([:]),
                    limits: options.limits?.call,
                    fields: options.headers.fields,
                    force: force,
                    onProgress: pending.onProgress,
                    onInputRequest: pending.respond
                )
                return await call.report(result)
            } catch {
                return await call.report(error)
            }
        }
        keepIfNotSent(report, of: .tool(tool, arguments: arguments), with: options)
        return report
    }
}

/// One call of a tool, from its result to the report.
struct ToolCall {
    let tool: String
    let arguments: JSONText?
    let operation: Operation

    // MARK: - A result came

    func report(_ result: CallResult) async -> Report {
        let parts = ToolResultParts(result.result)
        if let failure = parts.protocolFailure(during: label, in: operation.client.revision) {
            return finish(failure, showing: result)
        }
        if parts.isError { return await toolFailed(parts, result) }
        if operation.connection.inbox.hasChanged(.tools) { await operation.relistTools() }
        let checks = ToolChecks(operation.connection, tool: tool)
        let output = checks.output(parts.structuredContent)
        if case .failed(let violations) = output { return finish(breach(violations), showing: result) }
        let input = checks.arguments(arguments)
        var report = operation.report("tool \"\(tool)\" returned a result", isTimed: false)
        report.targetTime = result.elapsed
        report.members.reserveCapacity(4)
        report.addDuplicateKeys(of: result.result)
        let call = toolCall(parts, result)
        report.add("tool_call", parts.isJustText ? .payload(call) : .media(call), detail: .core)
        report.addEvents(since: operation, of: result.requests)
        if case .failed(let violations) = input {
            report.summary += "; the server accepted arguments that do not match the input schema (see checks)"
            let sentence = "The tool accepted arguments that its input schema does not allow: \(violations[0])."
            report.findings.append(Finding(.schemaMismatch, sentence).asAdvice)
        }
        if checks.isUnlisted { report.summary += "; not checked against its schemas: list_tools was not called" }
        if parts.looksLikeError {
            let sentence =
                "The text begins with \"Error\", but isError is false: set it, so that clients notice the failure."
            report.findings.append(Finding(.toolError, sentence).on(.tools).asAdvice)
        }
        report.addChecks(input, output)
        report.add("metadata", operation.callMetadata(of: result.requests), detail: .standard)
        return report
    }

    private var label: String { "tools/call \"\(tool)\"" }

    /// The drop-in reply, and whatever else the target sent.
    private func toolCall(_ parts: ToolResultParts, _ result: CallResult) -> JSONText {
        JSONText(capacity: 192 + result.result.bytes.count + (arguments?.bytes.count ?? 0)) { writer in
            writer.beginObject()
            writer.key("tool_name")
            writer.write(tool)
            writer.key("arguments")
            if let arguments { writer.write(arguments) } else { writer.write(JSONObject()) }
            writer.key("result")
            if let text = parts.firstText { writer.write(text) } else { writer.write(JSONValue.null) }
            if !parts.isJustText, let content = parts.content {
                writer.key("content")
                writer.write(content)
            }
            for (name, text) in parts.others {
                writer.key(name)
                writer.write(text)
            }
            writer.key("execution")
            writer.beginObject()
            writer.key("duration_ms")
            writer.write(Milliseconds(result.elapsed))
            writer.key("success")
            writer.write(true)
            writer.endObject()
            writer.endObject()
        }
    }

    // MARK: - It failed

    func report(_ error: CallError) async -> Report {
        var failure = operation.failure(error, during: label)
        if failure.failureClass == .crashed { operation.addException(to: &failure) }
        if case .rejected(let refusal) = error.cause {
            if isTaskOnly(refusal) {
                failure.nextStep =
                    "The tool runs only as a task: set task to wait, or to handle to get the result later."
            } else if let kind = ReceivedInputRequest.Kind.allCases.first(where: { refusal.wants($0) }) {
                failure.nextStep =
                    "The tool needs the client capability \(kind.rawValue): connect with an input_policy for it other than "
                    + "off."
            } else if refusal.errorCode != .methodNotFound {
                await settle(&failure)
                if failure.errorType == .executionError { operation.addException(to: &failure) }
            }
        }
        var report = finish(failure, showing: nil, of: error.requests)
        report.targetTime = error.elapsed
        return report
    }

    /// Whether the tool runs only as a task, by the missing capability or by the list of tools.
    private func isTaskOnly(_ refusal: RPCError) -> Bool {
        let missing = refusal.data?["requiredCapabilities"]?["extensions"]
        if missing?[ExtensionID.tasks.rawValue] != nil { return true }
        let listed = operation.connection.surface(.tools)?.item(tool)?["execution"]?["taskSupport"]?.string
        return refusal.errorCode == .methodNotFound && listed == "required"
    }

    private func toolFailed(_ parts: ToolResultParts, _ result: CallResult) async -> Report {
        let said = parts.firstText?.string.map { Evidence.text(Array($0.utf8), limit: 300) } ?? "(no text)"
        var failure = Failure(
            .toolError,
            .executionError,
            "The tool \"\(tool)\" reported an error: \(said)",
            nextStep: operation.standardError.isEmpty
                ? "Read the full result in target_result. Fix the tool or its arguments."
                : "Read the full result in target_result and the server's standard error in evidence.server. Fix the tool "
                    + "or its arguments."
        )
        await settle(&failure)
        if failure.errorType == .executionError {
            operation.addException(to: &failure, of: tool)
            addEra(to: &failure, said)
        }
        return finish(failure, showing: result)
    }

    /// Recognizes a server whose library cannot request input in the stateless era.
    private func addEra(to failure: inout Failure, _ said: String) {
        let revision = operation.client.revision
        guard revision.era == .modern, said.contains(revision.wireName),
            ["elicitation", "sampling", "roots", "server-initiated"].contains(where: said.contains)
        else { return }
        failure.nextStep =
            "The server's library cannot request input at \(revision.wireName). Connect with `protocol: legacy`, where it "
            + "can, or return the input request as the tool's result (input_required)."
    }

    /// Distinguishes an unknown tool and wrong arguments from a tool that failed, by the target's list.
    private func settle(_ failure: inout Failure) async {
        await operation.relistTools()
        var checks = ToolChecks(operation.connection, tool: tool)
        let wasAsked = await checks.listIfNeeded()
        if let mistake = checks.mistake(in: arguments) { explain(mistake, in: &failure) }
        if wasAsked { failure.details["checked_against"] = "tools/list, requested after the failure" }
    }

    private func explain(_ mistake: ToolChecks.Mistake, in failure: inout Failure) {
        switch mistake {
        case .unknownTool(_, let names):
            failure.errorType = .toolNotFound
            failure.message = mistake.sentence
            failure.nextStep =
                nearest(tool, among: names).map { "Call \"\($0)\"." }
                ?? "list_tools shows \(names.count == 1 ? "the only tool" : "all \(names.count) tools")."
            failure.details["available_tools"] = .array(names.prefix(100).map(JSONValue.string))
        case .invalidArguments(let violations):
            failure.errorType = .invalidArguments
            // First, because it says more than the words of most libraries about invalid arguments.
            failure.message = "\(mistake.sentence) \(failure.message)"
            failure.nextStep = "Correct the arguments: \(violations.prefix(3).joined(separator: "; "))."
            failure.details["violations"] = .array(violations.map(JSONValue.string))
        }
    }

    private func breach(_ violations: [String]) -> Failure {
        Failure(
            .schemaMismatch,
            .executionError,
            "The result of \"\(tool)\" does not match the output schema: \(violations.joined(separator: "; ")).",
            nextStep: "Make structuredContent match the outputSchema, or correct the schema.",
            details: ["violations": .array(violations.map(JSONValue.string))]
        )
    }

    private func finish(_ failure: Failure, showing result: CallResult?, of requests: [RequestID] = []) -> Report {
        var failure = failure
        failure.details["tool_name"] = .string(tool)
        failure.details["arguments"] = arguments?.value() ?? [:]
        let failedCall = FailedCall(.tool(tool, arguments: arguments), failure)
        // A tool that does not exist will not exist after a restart either: it was a typing error.
        if failure.errorType != .toolNotFound { operation.connection.keep(failedCall) }
        var report =
            if let result {
                operation.report(failure, showing: result, emptyPayload: ("tool_call", nil))
            } else {
                operation.report(failure, emptyPayload: ("tool_call", nil))
            }
        report.targetTime = result?.elapsed
        report.addEvents(since: operation, of: result?.requests ?? requests)
        report.commandLine = failedCall.commandLine(for: operation.connection.request)
        return report
    }
}

extension RPCError {
    /// Whether it says that the client lacks the capability for this kind of input request.
    ///
    /// Source: 2026-07-28, "Missing required client capability".
    fileprivate func wants(_ kind: ReceivedInputRequest.Kind) -> Bool {
        data?["requiredCapabilities"]?[kind.rawValue] != nil
    }
}

extension Report {
    /// Adds the outcome of the checks; the text has it only if something did not match.
    fileprivate mutating func addChecks(_ arguments: ToolChecks.Check, _ output: ToolChecks.Check) {
        let checks = JSONText(capacity: 128) { writer in
            writer.beginObject()
            writer.key("arguments")
            arguments.write(to: &writer)
            writer.key("output")
            output.write(to: &writer)
            writer.endObject()
        }
        var detail = Detail.full
        if case .failed = arguments { detail = .standard }
        add("checks", .payload(checks), detail: detail)
    }

    /// Reports duplicate keys of a result, of which most parsers keep only the last value.
    ///
    /// Large results are not searched.
    fileprivate mutating func addDuplicateKeys(of result: JSONText) {
        guard result.bytes.count <= 64 << 10, result.mayHaveDuplicateKeys else { return }
        let pointers = result.value().duplicateKeys()
        guard !pointers.isEmpty else { return }
        let places = pointers.prefix(10).map(\.description).joined(separator: ", ")
        findings.append(Finding(.protocolError, "Duplicate members in the result: \(places)"))
    }
}
