import JSON
import Tester

extension TesterTool {
    static let getPrompt = TesterTool(
        "get_prompt",
        title: "Get a prompt",
        "Get a prompt of the connected server, filled in with arguments, and show its messages.",
        parameters: [
            "name": required("string", "Prompt name."),
            "arguments": optional(
                "object",
                "Prompt arguments (default: none). The protocol allows only string values."
            ),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": headers,
            "answers": preparedAnswers,
        ],
        required: ["name"],
        effect: .readsServer
    ) { (session, input, host) throws(Failure) in
        await session.getPrompt(
            input.string("name") ?? "",
            arguments: input.text("arguments"),
            with: try input.callOptions(host)
        )
    }
}
