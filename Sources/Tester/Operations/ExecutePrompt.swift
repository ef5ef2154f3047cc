import AsyncRuntime
public import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTP
import MCPHTTPClient

extension TesterSession {
    /// Gets a prompt of a target and has a model respond to it.
    ///
    /// Nothing is sent if no model is configured.
    ///
    /// - Parameters:
    ///   - prompt: The name of the prompt.
    ///   - arguments: Its arguments; values that are not strings are sent as JSON text.
    ///   - variables: Values for placeholders in the text of the messages; `nil` if there are none to fill.
    ///   - model: The model and its parameters.
    ///   - options: The connection, and how its input requests are answered.
    public func executePrompt(
        _ prompt: String,
        arguments: JSONObject = [:],
        filling variables: JSONObject? = nil,
        by model: ModelOptions = ModelOptions(),
        with options: CallOptions = CallOptions()
    ) async -> Report {
        await call(.execution(prompt), with: options) { [self] operation, pending in
            let execution = PromptExecution(prompt: prompt, arguments: arguments, operation: operation)
            let configured: Model
            do throws(Failure) {
                configured = try settings.model.model(model)
            } catch {
                return execution.report(error)
            }
            do throws(PromptFailure) {
                let sent = execution.sentArguments
                let result = try await fetch(prompt, sent.arguments, options, operation, pending)
                var report = await execution.run(result, filling: variables, configured, model, on: clock)
                if let finding = sent.finding { report.findings.append(finding) }
                return report
            } catch {
                return error.report(operation, emptyPayload: ("llm_response", nil))
            }
        }
    }
}

/// One prompt, its messages, and what a model makes of them.
private struct PromptExecution {
    let prompt: String
    let arguments: JSONObject
    let operation: Operation

    /// The arguments as the protocol allows them, with a finding if some had to be converted.
    var sentArguments: (arguments: JSONText?, finding: Finding?) {
        guard !arguments.isEmpty else { return (nil, nil) }
        var converted: [String] = []
        let members = arguments.members.map { member in
            if case .string = member.value { return member }
            converted.append("`\(member.key)`")
            return JSONObject.Member(key: member.key, value: .string(member.value.description))
        }
        let text = JSONText(.object(JSONObject(members)))
        guard !converted.isEmpty else { return (text, nil) }
        let sentence = "Prompt arguments must be strings. Sent as JSON text: \(converted.joined(separator: ", "))."
        return (text, Finding(.usage, sentence))
    }

    // MARK: - Running

    /// Sends the messages to a model and reports its response.
    func run(
        _ result: CallResult,
        filling variables: JSONObject?,
        _ model: Model,
        _ options: ModelOptions,
        on clock: any TesterClock
    ) async -> Report {
        let retrieval = operation.elapsed
        var template = TemplateVariables(variables ?? [:])
        let messages: [SamplingMessage]
        do throws(Failure) {
            messages = try read(result, &template)
        } catch {
            return TesterSession.PromptFailure(failure: error, result: result)
                .report(operation, emptyPayload: ("llm_response", nil))
        }
        var shown = Shown(model: model, messageCount: messages.count, retrieval: retrieval)
        let request = ModelRequest(
            messages: messages,
            systemPrompt: options.systemPrompt,
            parameters: options.parameters
        )
        var began = clock.now
        var report: Report
        do throws(ModelFault) {
            let body = try model.dialect.body(of: request, model: model.name)
            shown.body = body
            began = clock.now
            let response = try await model.respond(to: request, body: body, on: clock)
            shown.execution = Evidence.rounded(began.duration(to: clock.now))
            report = self.report(response, shown)
        } catch {
            shown.execution = Evidence.rounded(began.duration(to: clock.now))
            report = self.report(error, shown)
        }
        report.findings += findings(about: template)
        return report
    }

    /// The messages of the prompt with their placeholders filled.
    private func read(
        _ result: CallResult,
        _ template: inout TemplateVariables
    ) throws(Failure) -> [SamplingMessage] {
        var messages: [SamplingMessage] = []
        for (index, text) in (result.result["messages"]?.elements ?? []).enumerated() {
            let message = PromptMessage(json: text.value().object ?? [:])
            guard let role = message.role, message.json["content"] != nil else {
                let fault =
                    message.json["content"] == nil
                    ? "has no content" : "has the role \(message.json["role"]?.description ?? "(none)")"
                throw Failure(
                    .protocolError,
                    .executionError,
                    "Message \(index + 1) of prompt \"\(prompt)\" \(fault), so it was not sent to the model.",
                    nextStep: "Return messages with the role user or assistant, and content."
                )
            }
            // One block by the specification; several are sent by some servers, and can be sent on.
            let blocks = (SamplingMessage(json: message.json).content ?? []).map { block in
                guard block.kind == .text, let text = block.text else { return block }
                var filled = block
                filled.text = template.fill(text)
                return filled
            }
            messages.append(SamplingMessage(role: role, content: blocks))
        }
        guard messages.isEmpty else { return messages }
        throw Failure(
            .protocolError,
            .executionError,
            "Prompt \"\(prompt)\" has no messages, so nothing was sent to the model.",
            nextStep: "Return at least one message from the prompt."
        )
    }

    private func findings(about template: TemplateVariables) -> [Finding] {
        var findings: [Finding] = []
        if !template.missing.isEmpty {
            let names = template.missing.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
            findings.append(
                Finding(
                    .usage,
                    "The prompt has placeholders that fill_variables has no value for: \(names).",
                    evidence: ["missing_variables": .array(template.missing.map(JSONValue.string))]
                )
            )
        }
        if !template.unused.isEmpty {
            let names = template.unused.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
            findings.append(
                Finding(
                    .usage,
                    "fill_variables has values for which the prompt has no placeholder: \(names).",
                    evidence: ["unused_variables": .array(template.unused.map(JSONValue.string))]
                )
            )
        }
        return findings
    }

    // MARK: - Reporting

    /// What a report shows beside the response.
    private struct Shown {
        let model: Model
        let messageCount: Int
        let retrieval: Double
        /// The request in the words of the API; `nil` if it could not be made.
        var body: JSONObject?
        var execution = 0.0
    }

    /// The report on a failure before the prompt was requested.
    func report(_ failure: Failure) -> Report {
        operation.report(failure, emptyPayload: ("llm_response", nil))
    }

    private func report(_ response: ModelResponse, _ shown: Shown) -> Report {
        let (model, secrets) = (shown.model, shown.model.secrets)
        let name = response.model ?? model.name
        var report = operation.report("model \"\(name)\" responded to prompt \"\(prompt)\"")
        report.members += members(shown)
        var said: [Report.Member] = [
            .init(key: "text", value: .payload(JSONText(.string(secrets.redact(response.text))))),
            .init(key: "usage", value: .value(.object(response.usage))),
            .init(key: "model", value: .value(response.model.map { .string(secrets.redact($0)) } ?? .null)),
        ]
        if let reason = response.stopReason {
            said.append(.init(key: "stop_reason", value: .value(.string(secrets.redact(reason)))))
        }
        let uses = response.content.filter { $0.kind == .toolUse }
        if !uses.isEmpty {
            let calls = JSONText(secrets.redact(.array(uses.map(\.jsonValue))))
            said.append(.init(key: "tool_uses", value: .payload(calls)))
        }
        report.add("llm_response", .object(said))
        switch ResponseJSON.find(in: response.text) {
        case .value(let value): report.add("parsed_response", .payload(JSONText(secrets.redact(value))))
        case .nothing(let reason):
            report.add("parsed_response", .null)
            report.add("parsed_response_reason", .string(reason))
        }
        if response.stopReason == "maxTokens" {
            report.findings.append(
                Finding(
                    .usage,
                    "The model stopped at the limit of tokens: raise `max_tokens` in llm_config for the rest."
                )
            )
        }
        report.add("metadata", .object(metadata(shown)))
        return report
    }

    private func report(_ fault: ModelFault, _ shown: Shown) -> Report {
        var failure = Failure(
            fault.failureClass,
            .llmRequestError,
            "The model \(fault.message)".asSentence,
            nextStep: fault.nextStep,
            details: fault.details
        )
        failure.details["prompt_name"] = .string(prompt)
        let payload = members(shown) + [.init(key: "llm_response", value: .value(.null))]
        return operation.report(failure, payload: payload, metadata: metadata(shown))
    }

    /// The prompt and the request.
    private func members(_ shown: Shown) -> [Report.Member] {
        let summary: JSONObject = [
            "name": .string(prompt), "arguments": .object(arguments), "message_count": JSONValue(shown.messageCount),
        ]
        var members = [Report.Member(key: "prompt", value: .value(.object(summary)))]
        guard let body = shown.body else {
            return members + [.init(key: "llm_request", value: .value(.null))]
        }
        var request = [Report.Member(key: "url", value: .value(.string(shown.model.request.place)))]
        for member in body.members {
            let value = shown.model.secrets.redact(member.value)
            request.append(
                .init(key: member.key, value: value.array == nil ? .value(value) : .payload(JSONText(value)))
            )
        }
        members.append(.init(key: "llm_request", value: .object(request)))
        return members
    }

    private func metadata(_ shown: Shown) -> JSONObject {
        var metadata = operation.metadata
        metadata["prompt_retrieval_ms"] = JSONValue(shown.retrieval)
        metadata["llm_execution_ms"] = JSONValue(shown.execution)
        metadata["total_time_ms"] = metadata["request_time_ms"]
        metadata["llm_endpoint"] = .string(shown.model.request.place)
        metadata["llm_model"] = .string(shown.model.name)
        return metadata
    }
}
