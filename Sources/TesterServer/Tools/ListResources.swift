import JSON
import Tester

extension TesterTool {
    static let listResources = TesterTool(
        "list_resources",
        title: "List resources",
        "List all resources and resource templates of the connected server; invalid ones have `problems`.",
        parameters: listParameters,
        effect: .readsServer,
        result: [.list("resources")]
    ) { (session, input, _) throws(Failure) in
        await session.listResources(on: input.string("connection_name"), input.listOptions)
    }
}
