import JSON
import Tester

extension TesterTool {
    static let getPrompt = TesterTool(
        "get_prompt",
        title: "Get a prompt",
        "Fill in a prompt of the connected server and show its messages.",
        parameters: [
            "name": required("string", "The prompt's name."),
            "arguments": optional("object", "The prompt's arguments; the protocol knows only strings."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": headers,
            "answers": preparedAnswers,
        ],
        required: ["name"],
        reads: true
    ) { (session, input, host) throws(Failure) in
        await session.getPrompt(
            input.string("name") ?? "",
            arguments: input.asReceived("arguments"),
            with: try input.callOptions(host)
        )
    }
}
