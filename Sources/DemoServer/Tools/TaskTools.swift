import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPServer

extension DemoServer {
    /// Fixtures of the tasks extension, as the conformance suite knows them.
    func addTaskFixtures(to server: inout Server) throws {
        let greet = Self.fixture("greet", "Greets at once.", ["name": ["type": "string", "description": "Whom."]])
        try server.add(greet) { _, arguments in
            .complete(.text("Hello, \(arguments["name"]?.string ?? "World")!"))
        }
        let compute = Self.fixture(
            "slow_compute",
            "Takes its time, as a task where the client knows tasks.",
            [
                "seconds": [
                    "type": "number", "minimum": 0, "maximum": 600, "default": 1, "description": "How long it takes.",
                ],
                "label": ["type": "string", "description": "What to say in the result."],
            ]
        )
        try server.add(compute, tasks: .optional) { _, arguments in
            let seconds = arguments["seconds"]?.double ?? 1
            let label = arguments["label"]?.string.map { " (\($0))" } ?? ""
            let output = ToolOutput.text("Computed for \(JSONValue(seconds)) s\(label).")
            guard seconds > 0 else { return .complete(output) }
            return .task { _ in
                try await wait(.seconds(seconds))
                return .complete(output)
            }
        }
        let failing = Self.fixture("failing_job", "Fails after a second; only for clients that know tasks.")
        try server.add(failing, tasks: .required) { _, _ in
            .task { _ in
                try await wait(.seconds(1))
                return .complete(.failure("The job failed, as it always does."))
            }
        }
        let breaking = Self.fixture("protocol_error_job", "Ends in an error of the protocol.")
        try server.add(breaking, tasks: .optional) { _, _ in
            .task { _ in throw RPCError.internalError("the job broke down, as it always does") }
        }
        try addAskingTasks(to: &server)
    }

    private func addAskingTasks(to server: inout Server) throws {
        let delete = Self.fixture(
            "confirm_delete",
            "Asks for a confirmation while it runs. Deletes nothing.",
            ["filename": ["type": "string", "description": "What would be deleted."]]
        )
        try server.add(delete, tasks: .optional) { _, arguments in
            let name = arguments["filename"]?.string ?? "a file"
            return .task { context in
                guard let answer = try context.answer(to: "confirm", as: ElicitResult.self) else {
                    return .asking("confirm", .form("Delete \(name)?", flag: "confirm"))
                }
                let isConfirmed = answer.action == .accept && answer.content?["confirm"]?.bool == true
                return .complete(.text(isConfirmed ? "Deleted \(name)." : "Kept \(name)."))
            }
        }
        let several = Self.fixture("multi_input", "Asks two things at once while it runs.")
        try server.add(several, tasks: .optional) { _, _ in
            .task { context in
                guard let name = try context.answer(to: "name", as: ElicitResult.self),
                    let consent = try context.answer(to: "consent", as: ElicitResult.self)
                else {
                    return .inputRequired(
                        InputRequiredResult([
                            ("name", .form("What is your name?", text: "name")),
                            ("consent", .form("Shall it go on?", flag: "confirm")),
                        ])
                    )
                }
                return .complete(.text("\(name.given("name")): \(consent.action?.rawValue ?? "no answer")."))
            }
        }
        let escalating = Self.fixture("test_tool_with_task", "Asks for a name, then goes on as a task.")
        try server.add(escalating, tasks: .required) { context, _ in
            guard let answer = try context.answer(to: "user_name", as: ElicitResult.self) else {
                return .asking("user_name", .form("What is your name?", text: "name"))
            }
            let name = answer.given("name")
            return .task { _ in
                try await pause()
                return .complete(.text("The task of \(name) is done."))
            }
        }
    }

    private func wait(_ duration: Duration) async throws {
        await scheduler.wait(for: duration)
        try Task.checkCancellation()
    }
}
