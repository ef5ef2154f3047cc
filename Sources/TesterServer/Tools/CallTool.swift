import JSON
import Tester

extension TesterTool {
    static let callTool = TesterTool(
        "call_tool",
        title: "Call a tool",
        """
        Call a tool of the connected server and show its exact result. Arguments are sent unchanged, even if they are invalid, \
        to test the server's own validation. After list_tools, arguments and result are also validated against the tool's \
        schemas.
        """,
        parameters: [
            "name": required("string", "Tool name."),
            "arguments": optional("object", "Tool arguments as an object (default: none)."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": headers,
            "answers": preparedAnswers,
            "task": [
                "type": "string", "enum": ["wait", "handle"],
                "description":
                    "Let the server run the call as a task: `wait` returns the result, `handle` the taskId (default: no task).",
            ],
            "force": optional("boolean", "Call the tool even if its schema forbids calls over HTTP (default: false)."),
        ],
        required: ["name"],
        effect: .mayDestroy(isIdempotent: false)
    ) { (session, input, host) throws(Failure) in
        await session.callTool(
            input.string("name") ?? "",
            arguments: input.text("arguments"),
            with: try input.callOptions(host),
            task: input.string("task").flatMap(TaskMode.init(rawValue:)),
            force: input.bool("force")
        )
    }
}
