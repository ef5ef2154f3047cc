import JSON
import Tester

extension TesterTool {
    static let callTool = TesterTool(
        "call_tool",
        title: "Call a tool",
        """
        Call a tool of the connected server and show exactly what it answered. The arguments are sent as given, also wrong \
        ones, so that the server's own checks can be tested; after list_tools they and the result are checked against the \
        tool's schemas.
        """,
        parameters: [
            "name": required("string", "The tool's name."),
            "arguments": optional("object", "The tool's arguments; none if left out."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": headers,
            "answers": preparedAnswers,
            "task": [
                "type": ["string", "null"], "enum": ["wait", "handle", nil],
                "description": "Let the server make a task of the call; wait gives its result, handle its taskId.",
            ],
            "force": optional("boolean", "Call the tool also when its schema makes it uncallable over HTTP."),
        ],
        required: ["name"],
        reads: false
    ) { (session, input, host) throws(Failure) in
        await session.callTool(
            input.string("name") ?? "",
            arguments: input.asReceived("arguments"),
            with: try input.callOptions(host),
            task: input.string("task").flatMap(TaskMode.init(rawValue:)),
            force: input.bool("force")
        )
    }
}
