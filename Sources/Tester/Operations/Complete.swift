public import JSON
import JSONRPC
import MCP
public import MCPClient

extension TesterSession {
    /// What has an argument to complete.
    public enum CompletionSubject: Sendable, Hashable {
        /// A prompt, by its name.
        case prompt(String)
        /// A resource template, by its text.
        case template(String)

        fileprivate var reference: JSONObject {
            switch self {
            case .prompt(let name): ["type": "ref/prompt", "name": .string(name)]
            case .template(let uri): ["type": "ref/resource", "uri": .string(uri)]
            }
        }

        fileprivate var label: String {
            switch self {
            case .prompt(let name): "prompt \"\(name)\""
            case .template(let uri): "template \"\(uri)\""
            }
        }
    }

    /// Completes an argument of a prompt or a variable of a resource template.
    ///
    /// - Parameters:
    ///   - value: What was typed so far.
    ///   - context: The arguments that are already filled in.
    public func complete(
        _ argument: String,
        of subject: CompletionSubject,
        value: String = "",
        context: JSONObject? = nil,
        on name: String? = nil,
        limits: ConnectionLimits? = nil
    ) async -> Report {
        await perform(on: name, emptyPayload: ("completion", nil)) { operation in
            let label = "completion/complete of `\(argument)` in \(subject.label)"
            do throws(CallError) {
                let result = try await operation.client.complete(
                    subject.reference,
                    argument: argument,
                    value: value,
                    context: context,
                    limits: limits?.call
                )
                return Self.report(result, label: label, value: value, hasContext: context != nil, operation)
            } catch {
                var failure = operation.failure(error, during: label)
                if case .rejected(let refusal) = error.cause, refusal.errorCode == .methodNotFound {
                    failure.nextStep =
                        "Declare the capability completions and implement completion/complete, or complete nothing."
                }
                failure.details["argument"] = .string(argument)
                return operation.report(failure, emptyPayload: ("completion", nil))
            }
        }
    }

    private static func report(
        _ result: CallResult,
        label: String,
        value: String,
        hasContext: Bool,
        _ operation: Operation
    ) -> Report {
        let completion = result.result["completion"]
        guard let completion, let values = completion["values"]?.elements, values.allSatisfy({ $0.string != nil })
        else {
            let failure = Failure(
                .protocolError,
                .executionError,
                "The result of \(label) has no array \"completion.values\" of strings.",
                nextStep: "Return completion: {values, total?, hasMore?}."
            )
            return operation.report(failure, showing: result, emptyPayload: ("completion", nil))
        }
        var report = operation.report("\(values.count) value\(values.count == 1 ? "" : "s") for \"\(value)\"")
        // Source: "Completion", all revisions: at most 100 values.
        if values.count > 100 {
            report.findings.append(
                Finding(.protocolError, "The server returned \(values.count) values; at most 100 are allowed.")
                    .on(.completion)
            )
        }
        if let total = completion["total"]?.value().int, total < values.count {
            report.findings.append(
                Finding(.protocolError, "`total` is \(total), but \(values.count) values were returned.")
                    .on(.completion)
            )
        }
        if operation.client.capabilities.json["completions"] == nil, operation.client.revision >= .firstWithCompletions
        {
            report.findings.append(
                Finding(.protocolError, "The server completes arguments without declaring the capability completions.")
                    .on(.completion)
            )
        }
        if hasContext, !operation.client.revision.has(.completionContext) {
            report.findings.append(
                Finding(.usage, "`context` was sent, but \(operation.client.revision) does not have it.")
            )
        }
        report.add("completion", .payload(completion))
        report.addEvents(since: operation, of: result.requests)
        report.add("metadata", .object(operation.metadata))
        return report
    }
}

extension Revision {
    /// The first revision in which completions are a declared capability.
    fileprivate static var firstWithCompletions: Revision {
        allCases.first { $0.profile.serverCapabilities.contains("completions") } ?? .latest
    }
}
