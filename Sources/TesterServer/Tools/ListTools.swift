import JSON
import Tester

extension TesterTool {
    static let listTools = TesterTool(
        "list_tools",
        title: "List tools",
        "List all tools of the connected server with their schemas; invalid ones have `problems`.",
        parameters: listParameters,
        effect: .readsServer,
        result: [.list("tools")]
    ) { (session, input, _) throws(Failure) in
        await session.listTools(on: input.string("connection_name"), input.listOptions)
    }
}
