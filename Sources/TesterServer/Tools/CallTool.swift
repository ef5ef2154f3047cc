import JSON
import Tester

extension TesterTool {
    static let callTool = TesterTool(
        "call_tool",
        title: "Call a tool",
        """
        Call a tool of the connected server and show its exact result. Arguments are sent unchanged, even invalid ones, to \
        test the server's validation. After list_tools, arguments and result are checked against the tool's schemas.
        """,
        parameters: [
            "name": parameter("string", "Tool name."),
            "arguments": parameter("object", "Tool arguments."),
            "connection_name": connectionName,
            "timeout": timeout,
            "headers": headers,
            "answers": preparedAnswers,
            "task": choice(
                ["wait", "handle"],
                "Let the server run it as a task; return its result or its taskId."
            ),
            "force": parameter("boolean", "Call the tool even if its schema forbids calls over HTTP."),
        ],
        required: ["name"],
        effect: .mayDestroy(isIdempotent: false),
        result: [.object("tool_call")]
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
