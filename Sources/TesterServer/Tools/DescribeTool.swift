import JSON
import Tester

extension TesterTool {
    static let describeTool = TesterTool(
        "describe_tool",
        title: "Describe a tool",
        "Show one tool of the server: definition, signature, example arguments, and findings about the definition.",
        parameters: ["name": parameter("string", "Tool name."), "connection_name": connectionName],
        required: ["name"],
        effect: .readsServer,
        result: [.object("tool"), .optional("signature", "string")]
    ) { (session, input, _) throws(Failure) in
        await session.describeTool(input.string("name") ?? "", on: input.string("connection_name"))
    }
}
