import JSON
import Tester

extension TesterTool {
    static let listTools = TesterTool(
        "list_tools",
        title: "List tools",
        "List all tools of the connected server with their schemas and all other members. Entries that violate the protocol have `problems`. After this, call_tool also validates arguments and results.",
        parameters: listParameters,
        effect: .readsServer
    ) { (session, input, _) throws(Failure) in
        await session.listTools(on: input.string("connection_name"), input.listOptions)
    }
}
