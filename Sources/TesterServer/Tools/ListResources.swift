import JSON
import Tester

extension TesterTool {
    static let listResources = TesterTool(
        "list_resources",
        title: "List resources",
        "List all resources and resource templates of the connected server. Entries that violate the protocol have `problems`.",
        parameters: listParameters,
        effect: .readsServer
    ) { (session, input, _) throws(Failure) in
        await session.listResources(on: input.string("connection_name"), input.listOptions)
    }
}
