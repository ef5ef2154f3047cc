import JSON
import Tester

extension TesterTool {
    static let task = TesterTool(
        "task",
        title: "Look after a task",
        """
        Ask how a task of the connected server stands, wait for its result, or have it called off. A call of call_tool \
        with task becomes one where the server knows tasks.
        """,
        parameters: [
            "action": ["enum": ["get", "wait", "cancel"], "type": "string", "description": "What to do."],
            "task_id": required("string", "The taskId of the task."),
            "connection_name": connectionName,
            "timeout": timeout,
            "answers": preparedAnswers,
        ],
        required: ["action", "task_id"],
        reads: false
    ) { (session, input, host) throws(Failure) in
        await session.task(
            TesterSession.TaskAction(rawValue: input.string("action") ?? "") ?? .get,
            input.string("task_id") ?? "",
            with: try input.callOptions(host)
        )
    }
}
