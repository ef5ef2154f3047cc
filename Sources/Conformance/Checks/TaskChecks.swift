import AsyncRuntime
import JSON
import MCP

extension Check {
    private static let tasksID = ExtensionID.tasks.rawValue

    /// The extension for tasks.
    static let taskExtension: [Check] = [
        Check(
            "S356",
            "sep-2663-result-type-task-on-create",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "A created task has resultType task, taskId, status, times and ttlMs"
        ) { p in
            let (_, exchange) = try await newTask(p)
            let task = exchange.result ?? nil
            try p.expect(task["taskId"]?.string?.isEmpty == false, "taskId \(task["taskId"] ?? nil)", exchange)
            for name in ["status", "createdAt", "lastUpdatedAt"] {
                try p.expect(task[name]?.string != nil, "no \(name)", exchange)
            }
            let ttl = task["ttlMs"]
            try p.expect(ttl?.int != nil || ttl?.isNull == true, "ttlMs \(ttl ?? "missing")", exchange)
        },
        Check(
            "S357",
            "sep-2663-server-returns-missing-capability",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "A call that needs a task and comes from a client without tasks gets error -32021 with the extension"
        ) { p in
            let errors = await p.calls().map(\.last).filter { $0.errorCode == -32021 }
            let needy = errors.filter { $0.error?["data"]?["requiredCapabilities"]?["extensions"] != nil }
            for exchange in try p.needAny(needy, "a callable tool that requires a task") {
                try p.expect(
                    exchange.error?["data"]?["requiredCapabilities"]?["extensions"]?[tasksID]?.object != nil,
                    "data \(exchange.error?["data"] ?? nil)",
                    exchange
                )
            }
        },
        Check(
            "S358",
            "sep-2663-durable-create-strong-consistency",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "tasks/get finds a task at once"
        ) { p in
            let (session, created) = try await newTask(p)
            try p.result(await taskRequest("tasks/get", created.result?["taskId"] ?? nil, session))
        },
        Check(
            "S359",
            "sep-2663-tasks-get-status",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "tasks/get has resultType complete, and what belongs to the status: inputRequests, result or error"
        ) { p in
            let (session, created) = try await newTask(p)
            let (exchange, _) = await finishTask(created.result?["taskId"] ?? nil, session, p)
            let result = try p.result(exchange)
            try p.expect(result["resultType"] == "complete", "resultType \(result["resultType"] ?? nil)", exchange)
            let member = ["input_required": "inputRequests", "completed": "result", "failed": "error"][
                result["status"]?.string ?? ""
            ]
            if let member {
                try p.expect(
                    result[member]?.object != nil,
                    "status \(result["status"] ?? nil) without \(member)",
                    exchange
                )
            }
        },
        Check(
            "S360",
            "sep-2663-tool-error-uses-completed-status",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "A task fails only with a JSON-RPC error; a failed tool completes it"
        ) { p in
            for (session, created) in try await newTasks(p).prefix(6) {
                let (exchange, _) = await finishTask(created.result?["taskId"] ?? nil, session, p)
                guard let result = exchange.result else { continue }
                let isToolError = result["result"]?["isError"] == true
                try p.expect(
                    !(isToolError && result["status"] != "completed"),
                    "status \(result["status"] ?? nil) with isError",
                    exchange
                )
                if result["status"] == "failed" {
                    try p.expect(result["error"]?["code"]?.int != nil, "no error", exchange)
                }
            }
        },
        Check(
            "S361",
            "sep-2663-update-ack",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "tasks/update gets an empty result, and unknown keys are ignored"
        ) { p in
            let (session, id, waiting) = try await waitingTask(p)
            var responses = Probe.retry([:], waiting.result ?? nil)["inputResponses"]?.object ?? [:]
            responses["unknown_key_7"] = ["action": "accept"]
            let exchange = await session.request("tasks/update", ["taskId": id, "inputResponses": .object(responses)])
            let result = try p.result(exchange)
            let extra = result.object?.keys.filter { !["resultType", "_meta"].contains($0) } ?? []
            try p.expect(extra.isEmpty, "members \(extra)", exchange)
        },
        Check(
            "S362",
            "sep-2663-input-request-key-unique-per-task",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "The key of an input request that was answered does not come again"
        ) { p in
            let (session, id, waiting) = try await waitingTask(p)
            let responses = Probe.retry([:], waiting.result ?? nil)["inputResponses"]?.object ?? [:]
            _ = await session.request("tasks/update", ["taskId": id, "inputResponses": .object(responses)])
            let (after, _) = await finishTask(id, session, p)
            // The update may not have been applied yet.
            guard
                after.result?["status"] != "input_required"
                    || after.result?["inputRequests"] != waiting.result?["inputRequests"]
            else {
                throw Verdict.Stop.inconclusive("a task that goes on after its input")
            }
            let again = (after.result?["inputRequests"]?.object?.keys ?? []).first { responses[$0] != nil }
            try p.expect(again == nil, "the key \(again ?? "") again", after)
        },
        Check(
            "S368",
            "task-notifications",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "notifications/tasks on a subscription has the whole task and the ID of the subscription"
        ) { p in
            let (session, created) = try await newTask(p)
            let id = created.result?["taskId"] ?? nil
            let pending = session.begin(
                "subscriptions/listen",
                ["notifications": .object(["taskIds": [id]])],
                id: "task-notes"
            )
            _ = await pending.next(within: p.options.limit) { $0["method"] != nil || $0["id"] == "task-notes" }
            _ = await taskRequest("tasks/cancel", id, session)
            let exchange = await pending.next(within: .seconds(1)) { $0["method"] == "notifications/tasks" }
            pending.cancel()
            let notes = exchange.notifications.filter { $0["method"] == "notifications/tasks" }
            for note in try p.needAny(notes, "a task whose changes are announced") {
                try p.expect(
                    note["params"]?["_meta"]?[MetaKey.subscriptionID.rawValue] == "task-notes",
                    "without the ID of the subscription",
                    exchange
                )
                for name in ["taskId", "status", "createdAt", "lastUpdatedAt"] {
                    try p.expect(note["params"]?[name]?.string != nil, "no \(name)", exchange)
                }
            }
        },
        Check(
            "S363",
            "sep-2663-cancel-ack-empty-result",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "tasks/cancel gets an empty result, also for a task that has ended"
        ) { p in
            let (session, created) = try await newTask(p)
            for _ in 0..<2 {
                let exchange = await taskRequest("tasks/cancel", created.result?["taskId"] ?? nil, session)
                let result = try p.result(exchange)
                let extra = result.object?.keys.filter { !["resultType", "_meta"].contains($0) } ?? []
                try p.expect(extra.isEmpty, "members \(extra)", exchange)
            }
        },
        Check(
            "S364",
            "sep-2663-unknown-task-32602",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "An unknown task gets error -32602"
        ) { p in
            let session = try await p.common(taskCapabilities(p))
            let exchange = await taskRequest("tasks/get", "no-such-task", session)
            try p.expectError(exchange, -32602)
        },
        Check(
            "S365",
            "sep-2663-tasks-methods-non-declaring",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "A client that does not declare tasks gets error -32021 from their methods"
        ) { p in
            for method in ["tasks/get", "tasks/cancel"] {
                try p.expectError(await p.request(method, ["taskId": "no-such-task"]), -32021, method)
            }
        },
        Check(
            "S366",
            "sep-2663-headers",
            .must,
            .tasks,
            in: .modern,
            on: .http,
            needs: tasksID,
            rule: "An Mcp-Name that differs from the taskId gets HTTP 400 and error -32020"
        ) { p in
            let session = try await p.common(taskCapabilities(p))
            let exchange = await session.request("tasks/get", ["taskId": "no-such-task"]) {
                $0.setField("Mcp-Name", "another-task")
            }
            try p.expectError(exchange, -32020, status: 400)
        },
        Check(
            "S367",
            "sep-2663-legacy-task-ignored",
            .must,
            .tasks,
            in: .modern,
            rule: "The former capability tasks is not declared, and the parameter `task` is ignored"
        ) { p in
            try p.expect(p.capabilities["tasks"] == nil, "the capability tasks", p.main.greeting)
            guard let call = p.callable.first else { return }
            let exchange = await p.request(
                "tools/call",
                ["name": call.tool["name"] ?? "", "arguments": .object(call.arguments), "task": ["ttl": 1000]],
                within: p.options.callLimit
            )
            try p.expect(
                exchange.result?["resultType"] != "task" && exchange.result?["task"] == nil,
                exchange.outcome,
                exchange
            )
        },
        Check(
            "S369",
            "task-ids-unguessable",
            .must,
            .tasks,
            in: .modern,
            needs: tasksID,
            rule: "Task IDs are long and do not count up"
        ) { p in
            let (session, first) = try await newTask(p)
            let (_, second) = try await newTask(p)
            _ = session
            let ids = [first, second].compactMap { $0.result?["taskId"]?.string }
            for id in ids { try p.expect(id.utf8.count >= 16, "the ID \(id)", first) }
            try p.expect(Set(ids).count == ids.count, "the ID \(ids.first ?? "") twice", second)
        },
    ]

    private static func taskCapabilities(_ p: Probe) -> JSONObject {
        var capabilities = Probe.allCapabilities(in: p.revision)
        capabilities["extensions"] = .object([tasksID: [:]])
        return capabilities
    }

    private static func taskRequest(_ method: String, _ id: JSONValue, _ session: Session) async -> Exchange {
        await session.request(method, ["taskId": id])
    }

    private static func newTask(_ p: Probe) async throws -> (Session, Exchange) {
        try await p.need(newTasks(p).first, "")
    }

    /// The tasks that callable tools create, each with the session of its client.
    private static func newTasks(_ p: Probe) async throws -> [(Session, Exchange)] {
        let session = try await p.common(taskCapabilities(p))
        var tasks: [(Session, Exchange)] = []
        for call in await p.quickCallable() where tasks.count < 4 {
            let exchange = await p.call(call.tool, call.arguments, in: session)
            if exchange.result?["resultType"] == "task" { tasks.append((session, exchange)) }
        }
        return try p.needAny(tasks, "a callable tool that becomes a task")
    }

    /// A task that needs input.
    private static func waitingTask(_ p: Probe) async throws -> (Session, id: JSONValue, Exchange) {
        for (session, created) in try await newTasks(p) {
            let id = created.result?["taskId"] ?? nil
            let (exchange, _) = await finishTask(id, session, p)
            if exchange.result?["status"] == "input_required" { return (session, id, exchange) }
        }
        throw Verdict.Stop.inconclusive("a callable tool that becomes a task and requests input")
    }

    /// Polls a task until it ends or needs input.
    private static func finishTask(_ id: JSONValue, _ session: Session, _ p: Probe) async -> (Exchange, Int) {
        var count = 0
        while true {
            let exchange = await taskRequest("tasks/get", id, session)
            count += 1
            guard exchange.result?["status"] == "working", count < 60 else { return (exchange, count) }
            await p.server.clock.wait(for: .milliseconds(min(exchange.result?["pollIntervalMs"]?.int ?? 100, 100)))
        }
    }
}
