import JSON
import Tester

extension TesterTool {
    static let describeTool = TesterTool(
        "describe_tool",
        title: "Describe a tool",
        "Show one tool of the connected server: definition, signature, valid example arguments, and findings about the definition. Lists the tools first if needed.",
        parameters: ["name": required("string", "Tool name."), "connection_name": connectionName],
        required: ["name"],
        effect: .readsServer
    ) { (session, input, _) throws(Failure) in
        await session.describeTool(input.string("name") ?? "", on: input.string("connection_name"))
    }
}
