import JSON
import JSONRPC
import MCP
import MCPServer
import MCPTransport
import TestSupport

/// Tools that become tasks and are controlled by the test.
struct TaskTools {
    let clock = FakeClock()
    /// Resumes `wait`.
    let gate = Gate()
    /// The names of tools whose work was cancelled.
    let cancelled = Mailbox()

    func host(_ terms: TaskSettings = TaskSettings()) throws -> ScriptedHost {
        ScriptedHost(try server(terms), clock: clock)
    }

    func server(_ terms: TaskSettings = TaskSettings()) throws -> Server {
        var server = Server(info: Implementation(name: "s", version: "1"))
        server.tasks = terms
        try server.add(Tool(name: "plain")) { _, _ in .complete(.text("plain")) }
        try server.add(Tool(name: "wait"), tasks: .optional) { [self] _, _ in
            .task { _ in
                do {
                    try await gate.wait()
                } catch {
                    cancelled.put(Array("wait".utf8))
                    throw error
                }
                return .complete(.text("waited"))
            }
        }
        try server.add(Tool(name: "fail"), tasks: .required) { _, _ in .task { _ in .complete(.failure("no")) } }
        try server.add(Tool(name: "break"), tasks: .optional) { _, _ in
            .task { _ in throw RPCError(code: 7, message: "seven") }
        }
        try server.add(Tool(name: "ask"), tasks: .optional) { _, _ in .task(Self.askTwice) }
        try server.add(Tool(name: "escalate"), tasks: .required) { context, _ in
            guard let name = try context.inputResponse("name", as: ElicitResult.self)?.content?["name"]?.string else {
                return .inputRequired(InputRequiredResult([("name", Self.question)], requestState: "kept"))
            }
            let state = context.requestState ?? ""
            return .task { _ in .complete(.text("\(name): \(state)")) }
        }
        return server
    }

    /// Requests two inputs, then the first again.
    private static func askTwice(_ context: RequestContext) async throws -> HandlerOutcome<ToolOutput> {
        let first = try context.inputResponse("first", as: ElicitResult.self)
        guard let names = context.requestState else {
            guard let one = first?.content?["name"]?.string,
                let two = try context.inputResponse("second", as: ElicitResult.self)?.content?["name"]?.string
            else {
                return .inputRequired(InputRequiredResult([("first", question), ("second", question)]))
            }
            return .inputRequired(InputRequiredResult([("first", question)], requestState: "\(one), \(two)"))
        }
        return .complete(.text("\(names), \(first?.action?.rawValue ?? "nothing")"))
    }

    private static let question = InputRequest(
        method: .elicitationCreate,
        params: ElicitParams.form(
            message: "Your name?",
            schema: ElicitationSchema([("name", ElicitationField(json: ["type": "string"]))])
        ).json
    )
}
