import JSON
import JSONRPC
import JSONSchema
public import MCP
public import MCPServer
public import Tester

/// The tester as an MCP server: its tools let an assistant test other MCP servers.
public enum TesterServer {
    /// Receives the report on a call of a tool of the tester, and how long the call took.
    public typealias OnReport = @Sendable (_ tool: String, _ report: Report, _ duration: Duration) -> Void

    /// Creates the server.
    ///
    /// If the sessions have metrics, calls are counted there.
    ///
    /// - Parameters:
    ///   - sessions: The sessions of the engine, to be closed when the server has ended.
    ///   - info: How the server describes itself (default: like the tester to its targets).
    ///   - tools: The tools that it offers.
    ///   - transport: The transport that it reports in `health_check`.
    ///   - onReport: Receives each report and its duration, for logs, which must not contain arguments and payloads.
    /// - Throws: `JSONSchemaError` if the schema of a tool is wrong.
    public static func make(
        _ sessions: TesterSessions,
        info: Implementation? = nil,
        tools: ToolSet = .all,
        servedOver transport: String = "stdio",
        onReport: OnReport? = nil
    ) throws -> Server {
        let settings = sessions.settings
        let onReport = settings.metrics.map { $0.recording(before: onReport) } ?? onReport
        let wording: Wording = tools.base == .core ? .coreTools : .tools
        var server = Server(info: info ?? settings.info, instructions: Instructions.text(for: tools))
        for tool in TesterTool.all(servedOver: transport) where tools.includes(tool.name) {
            let reader = try ArgumentReader(tool.description)
            server.add(unchecked: tool.description(in: tools)) { context, arguments in
                let began = onReport == nil ? nil : ContinuousClock.now
                let input = reader.read(arguments.text)
                let owner = input.outlivesSession ? .principal(context.principal) : context.owner
                let session = sessions.session(of: owner, for: context.principal)
                let host = HostChannel(context, secrets: session)
                var answer: Report
                if let call = context.requestState, !host.isLoginAnswered {
                    // The host's responses to forwarded input requests go to the target unchanged.
                    answer = await session.respond(
                        call,
                        with: context.inputOutcomes,
                        isForced: true,
                        relay: host
                    )
                } else {
                    answer = await tool.run(in: session, input, host)
                }
                answer.redactor = session.redactor
                if let requests = host.inputRequests(of: answer) { return .inputRequired(requests) }
                if answer.failure != nil { session.noteRecurrence(in: &answer) }
                if answer.pending != nil { answer.summary += "; answer with respond" }
                if let onReport, let began { onReport(tool.description.name ?? "", answer, began.duration(to: .now)) }
                answer.reword(wording)
                if tools.additions.contains(.auth) { answer.reword(.authTools) }
                var view = input.view(settings.view)
                view.wording = wording
                let rendered = answer.rendered(view) { session.keep($0, of: answer) }
                return .complete(ToolOutput(rendered, isError: input.fault != nil))
            }
        }
        try addResults(to: &server, sessions)
        // Log messages of targets are relayed.
        server.logging = .legacyOnly
        // A target must not wait for input that the host rejects.
        server.deliversInputErrors = true
        server.onSessionEnd = { await sessions.end(.session($0)) }
        return server
    }
}

extension RequestContext {
    /// The answers and errors for forwarded input requests, as the engine accepts them.
    fileprivate var inputOutcomes: JSONObject {
        var outcomes = inputResponses
        for (key, error) in inputErrors { outcomes[key] = ["error": .object(error.json)] }
        return outcomes
    }
}

extension ToolOutput {
    /// A report as structured content and as text.
    ///
    /// Invalid arguments are an error of the call; every other failure is a result of the tester.
    init(_ report: RenderedReport, isError: Bool) {
        self.init(content: [.text(utf8: Array(report.text.bytes))], structured: report.structured, isError: isError)
    }
}
