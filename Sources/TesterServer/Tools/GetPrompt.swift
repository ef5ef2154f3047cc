import JSON
import Tester

extension TesterTool {
    static let getPrompt = TesterTool(
        "get_prompt",
        title: "Get a prompt",
        "Get a prompt of the connected server and show its messages.",
        parameters: [
            "name": parameter("string", "Prompt name."),
            "arguments": parameter("object", "Prompt arguments; the protocol allows only strings."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": variables("As in call_tool."),
            "answers": answersAsInCallTool,
        ],
        required: ["name"],
        effect: .readsServer,
        result: [.object("prompt")]
    ) { (session, input, host) throws(Failure) in
        await session.getPrompt(
            input.string("name") ?? "",
            arguments: input.text("arguments"),
            with: try input.callOptions(host)
        )
    }
}
