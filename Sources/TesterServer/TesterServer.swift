import JSON
import JSONSchema
import MCP
public import MCPServer
import Synchronization
public import Tester

/// The tester as an MCP server: its tools let an assistant test other MCP servers.
public enum TesterServer {
    /// What assistants are told about the tools.
    static let instructions = """
        Test an MCP server: connect_to_server starts it and connects, list_tools, list_resources and list_prompts show what \
        it has, call_tool, read_resource and get_prompt use it, disconnect ends it. Every answer begins with a verdict line \
        (PASS, FAIL or ERROR); after a failure read next_step and evidence, which has the server's standard error. After \
        changing the server's code call connect_to_server again: that restarts it.
        """

    /// Creates the server; each conversation with it gets connections of its own, which end with it.
    ///
    /// - Parameter onAnswer: Is told of each answer, for logs; arguments and payloads are not for them.
    /// - Throws: `JSONSchemaError` if the schema of a tool is wrong.
    public static func make(
        settings: TesterSettings,
        clock: any TesterClock,
        servedOver transport: String = "stdio",
        onAnswer: (@Sendable (_ tool: String, _ answer: Answer) -> Void)? = nil
    ) throws -> Server {
        var server = Server(info: settings.info, instructions: instructions)
        let sessions = TesterSessions(settings: settings, clock: clock)
        for tool in TesterTool.all(servedOver: transport) {
            try server.add(tool.description) { context, arguments in
                let session = sessions.session(context.owner)
                let answer = await tool.answer(session, ToolInput(arguments.object, text: arguments.text))
                onAnswer?(tool.description.name ?? "", answer)
                return .complete(ToolOutput(answer, budget: settings.budget))
            }
        }
        server.onSessionEnd = { await sessions.end(.session($0)) }
        return server
    }
}

/// The sessions of the engine, one for each conversation with the server.
private final class TesterSessions: Sendable {
    private let settings: TesterSettings
    private let clock: any TesterClock
    private let sessions = Mutex<[StateOwner: TesterSession]>([:])

    init(settings: TesterSettings, clock: any TesterClock) {
        self.settings = settings
        self.clock = clock
    }

    func session(_ id: StateOwner) -> TesterSession {
        sessions.withLock { sessions in
            if let session = sessions[id] { return session }
            let session = TesterSession(settings: settings, clock: clock)
            sessions[id] = session
            return session
        }
    }

    func end(_ id: StateOwner) async {
        await sessions.withLock { $0.removeValue(forKey: id) }?.close()
    }
}

extension ToolOutput {
    /// The object whole as structured content, and its JSON within the budget as text.
    init(_ answer: Answer, budget: Budget) {
        let structured = answer.structured
        let text = answer.budgeted(budget, structured: structured)
        self.init(content: [.text(utf8: Array(text.bytes))], structured: structured)
    }
}
