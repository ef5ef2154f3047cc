public import JSON
import MCPClient
import Tester

/// An open connection to a server under test.
///
/// Calls are checked as the tester checks them: a server that crashes, is silent, or violates the protocol or the schemas
/// of its tools makes the call throw a ``TargetFailure`` with the evidence. What the server answers is an ``Outcome``.
public final class MCPTargetSession: Sendable {
    private let session: TesterSession
    private let options: CallOptions

    init(_ session: TesterSession, limits: ConnectionLimits) {
        self.session = session
        options = CallOptions(limits: limits)
    }

    /// Calls a tool.
    ///
    /// A result with `isError` is an outcome: expect it with ``Outcome/expectToolError(containing:sourceLocation:)``.
    public func call(_ tool: String, _ arguments: JSONObject = [:]) async throws(TargetFailure) -> Outcome {
        // The schemas of its tools are what calls are checked against.
        _ = await session.listed(.tools)
        let report = await session.callTool(tool, arguments: JSONText(.object(arguments)), with: options)
        return try outcome(of: report, "call of \(tool)", at: "tool_call", Outcome.Answer.tool)
    }

    /// Reads a resource.
    public func read(_ uri: String) async throws(TargetFailure) -> Outcome {
        try outcome(
            of: await session.readResource(uri, with: options),
            "read of \(uri)",
            at: "resource",
            Outcome.Answer.resource
        )
    }

    /// Renders a prompt.
    public func prompt(_ name: String, _ arguments: JSONObject = [:]) async throws(TargetFailure) -> Outcome {
        let report = await session.getPrompt(name, arguments: JSONText(.object(arguments)), with: options)
        return try outcome(of: report, "prompt \(name)", at: "prompt", Outcome.Answer.prompt)
    }

    /// The tools that the server lists, as it sent them.
    public var tools: [JSONValue] {
        get async throws(TargetFailure) { try list(await session.listTools(), "tools") }
    }

    /// The resources that the server lists, as it sent them.
    public var resources: [JSONValue] {
        get async throws(TargetFailure) { try list(await session.listResources(), "resources") }
    }

    /// The prompts that the server lists, as it sent them.
    public var prompts: [JSONValue] {
        get async throws(TargetFailure) { try list(await session.listPrompts(), "prompts") }
    }

    /// Ends the connection and the server's process.
    func close() async { await session.close() }

    private func list(_ report: Report, _ key: String) throws(TargetFailure) -> [JSONValue] {
        if report.failure != nil { throw TargetFailure(report, of: session) }
        return report.structured.value()[key]?.array ?? []
    }

    private func outcome(
        of report: Report,
        _ label: String,
        at key: String,
        _ read: (JSONValue) -> Outcome.Answer
    ) throws(TargetFailure) -> Outcome {
        var report = report
        report.redactor = session.redactor
        let whole = report.structured.value()
        if let failure = report.failure {
            // A tool that reports an error has answered; one that does not exist has not.
            guard failure.failureClass == .toolError, failure.errorType != .toolNotFound,
                let answer = whole["target_result"]
            else {
                throw TargetFailure(report, of: session)
            }
            return Outcome(label, .toolResult(answer), of: whole)
        }
        guard report.pending == nil, let answer = whole[key] else { throw TargetFailure(report, of: session) }
        return Outcome(label, read(answer), of: whole)
    }
}
