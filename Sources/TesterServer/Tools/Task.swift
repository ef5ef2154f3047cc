import JSON
import Tester

extension TesterTool {
    static let task = TesterTool(
        "task",
        title: "Manage a task",
        """
        Get a task's status, wait for its result, or cancel it. call_tool creates a task if its `task` parameter is set and \
        the server supports tasks.
        """,
        parameters: [
            "action": [
                "enum": ["get", "wait", "cancel"], "type": "string",
                "description": "`get` the status, `wait` for the result, or `cancel` the task.",
            ],
            "task_id": required("string", "taskId that call_tool returned."),
            "connection_name": connectionName,
            "timeout": timeout,
            "answers": preparedAnswers,
        ],
        required: ["action", "task_id"],
        effect: .mayDestroy(isIdempotent: true)
    ) { (session, input, host) throws(Failure) in
        await session.task(
            TesterSession.TaskAction(rawValue: input.string("action") ?? "") ?? .get,
            input.string("task_id") ?? "",
            with: try input.callOptions(host)
        )
    }
}
