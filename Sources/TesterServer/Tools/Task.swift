import JSON
import Tester

extension TesterTool {
    static let task = TesterTool(
        "task",
        title: "Manage a task",
        "Get the status of a task that call_tool created, wait for its result, or cancel it.",
        parameters: [
            "action": choice(["get", "wait", "cancel"]),
            "task_id": parameter("string", "taskId that call_tool returned."),
            "connection_name": connectionName,
            "timeout": timeout,
            "answers": answersAsInCallTool,
        ],
        required: ["action", "task_id"],
        effect: .mayDestroy(isIdempotent: true),
        result: [.object("task")]
    ) { (session, input, host) throws(Failure) in
        await session.task(
            TesterSession.TaskAction(rawValue: input.string("action") ?? "") ?? .get,
            input.string("task_id") ?? "",
            with: try input.callOptions(host)
        )
    }
}
