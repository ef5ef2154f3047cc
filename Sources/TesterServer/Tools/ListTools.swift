import JSON
import Tester

extension TesterTool {
    static let listTools = TesterTool(
        "list_tools",
        title: "List tools",
        "List all tools of the connected server with everything it says about them; what breaks the protocol is named.",
        parameters: ["connection_name": connectionName],
        reads: true
    ) { (session, input, _) throws(Failure) in
        await session.listTools(on: input.string("connection_name"))
    }
}
