import JSON
import Tester

extension TesterTool {
    static let listResourceTemplates = TesterTool(
        "list_resource_templates",
        title: "List resource templates",
        "List the resource templates of the connected server.",
        parameters: ["connection_name": connectionName],
        effect: .readsServer,
        result: [.list("resource_templates")]
    ) { (session, input, _) throws(Failure) in
        await session.listResourceTemplates(on: input.string("connection_name"))
    }
}
