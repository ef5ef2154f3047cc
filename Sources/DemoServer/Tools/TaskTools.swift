import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPServer

extension DemoServer {
    /// Adds the fixtures of the tasks extension, as defined by the conformance suite.
    func addTaskFixtures(to server: inout Server) throws {
        let greet = Self.fixture(
            "greet",
            "Return a greeting at once.",
            ["name": ["type": "string", "description": "The name to greet."]]
        )
        try server.add(greet) { _, arguments in
            .complete(.text("Hello, \(arguments["name"]?.string ?? "World")!"))
        }
        let compute = Self.fixture(
            "slow_compute",
            "Wait for some seconds, as a task if the client supports tasks.",
            [
                "seconds": [
                    "type": "number", "minimum": 0, "maximum": 600, "default": 1,
                    "description": "The duration in seconds.",
                ],
                "label": ["type": "string", "description": "A label to repeat in the result."],
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
        let failing = Self.fixture("failing_job", "Fail after a second. Requires a client that supports tasks.")
        try server.add(failing, tasks: .required) { _, _ in
            .task { _ in
                try await wait(.seconds(1))
                return .complete(.failure("The job failed, as intended."))
            }
        }
        let breaking = Self.fixture("protocol_error_job", "End with a JSON-RPC error.")
        try server.add(breaking, tasks: .optional) { _, _ in
            .task { _ in throw RPCError.internalError("the job failed, as intended") }
        }
        try addInputTasks(to: &server)
    }

    private func addInputTasks(to server: inout Server) throws {
        let delete = Self.fixture(
            "confirm_delete",
            "Request a confirmation while it runs. Deletes nothing.",
            ["filename": ["type": "string", "description": "The name of the file."]]
        )
        try server.add(delete, tasks: .optional) { _, arguments in
            let name = arguments["filename"]?.string ?? "a file"
            return .task { context in
                guard let answer = try context.inputResponse("confirm", as: ElicitResult.self) else {
                    return .request("confirm", .form("Delete \(name)?", flag: "confirm"))
                }
                let isConfirmed = answer.action == .accept && answer.content?["confirm"]?.bool == true
                return .complete(.text(isConfirmed ? "Deleted \(name)." : "Kept \(name)."))
            }
        }
        let several = Self.fixture("multi_input", "Request two inputs at once while it runs.")
        try server.add(several, tasks: .optional) { _, _ in
            .task { context in
                guard let name = try context.inputResponse("name", as: ElicitResult.self),
                    let consent = try context.inputResponse("consent", as: ElicitResult.self)
                else {
                    return .inputRequired(
                        InputRequiredResult([
                            ("name", .form("What is your name?", text: "name")),
                            ("consent", .form("Continue?", flag: "confirm")),
                        ])
                    )
                }
                return .complete(.text("\(name.given("name")): \(consent.action?.rawValue ?? "no action")."))
            }
        }
        let escalating = Self.fixture("test_tool_with_task", "Request a name, then continue as a task.")
        try server.add(escalating, tasks: .required) { context, _ in
            guard let answer = try context.inputResponse("user_name", as: ElicitResult.self) else {
                return .request("user_name", .form("What is your name?", text: "name"))
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
