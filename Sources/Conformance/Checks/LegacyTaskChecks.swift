import JSON
import MCP
import Tester

extension Check {
    /// Tasks of the legacy era, which are experimental.
    static let legacyTasks: [Check] = [
        Check(
            "S350",
            "task-created",
            .must,
            .tasks,
            in: .only(.v2025_11_25),
            needs: "tasks.requests.tools.call",
            rule: "A call as a task has a task with taskId, status working, createdAt, lastUpdatedAt and ttl"
        ) { p in
            let (_, exchange) = try await legacyTask(p)
            let task = try p.result(exchange)["task"] ?? nil
            try p.expect(task["taskId"]?.string?.isEmpty == false, "taskId \(task["taskId"] ?? nil)", exchange)
            try p.expect(task["status"] == "working", "status \(task["status"] ?? nil)", exchange)
            for name in ["createdAt", "lastUpdatedAt"] {
                try p.expect(task[name]?.string != nil, "no \(name)", exchange)
            }
            try p.expect(task["ttl"] != nil, "no ttl", exchange)
        },
        Check(
            "S351",
            "task-transitions",
            .must,
            .tasks,
            in: .only(.v2025_11_25),
            needs: "tasks.requests.tools.call",
            rule: "A task that has ended stays as it is"
        ) { p in
            let (session, created) = try await legacyTask(p)
            let id = try p.need(created.result?["task"]?["taskId"], "a task")
            _ = await session.request("tasks/result", ["taskId": id], within: p.options.callLimit)
            let (one, two) = (
                await session.request("tasks/get", ["taskId": id]), await session.request("tasks/get", ["taskId": id])
            )
            try p.expect(
                ["completed", "failed", "cancelled"].contains(one.result?["status"] ?? nil),
                "status \(one.result?["status"] ?? nil) after the result",
                one
            )
            try p.expect(
                one.result?["status"] == two.result?["status"],
                "status \(two.result?["status"] ?? nil) later",
                two
            )
        },
        Check(
            "S352",
            "task-result",
            .must,
            .tasks,
            in: .only(.v2025_11_25),
            needs: "tasks.requests.tools.call",
            rule: "tasks/result has the result of the call, with the related task in _meta"
        ) { p in
            let (session, created) = try await legacyTask(p)
            let id = try p.need(created.result?["task"]?["taskId"], "a task")
            let exchange = await session.request("tasks/result", ["taskId": id], within: p.options.callLimit)
            let result = try p.result(exchange)
            try p.expect(result["content"]?.array != nil, "no content", exchange)
            try p.expect(
                result["_meta"]?[MetaKey.relatedTask.rawValue]?["taskId"] == id,
                "_meta \(result["_meta"] ?? nil)",
                exchange
            )
        },
        Check(
            "S353",
            "task-errors",
            .must,
            .tasks,
            in: .only(.v2025_11_25),
            needs: "tasks",
            rule: "An unknown task, and the cancellation of one that has ended, get error -32602"
        ) { p in
            try p.expectError(await p.request("tasks/get", ["taskId": "no-such-task"]), -32602, "an unknown task")
            guard p.has(capability: "tasks.cancel"), p.has(capability: "tasks.requests.tools.call") else { return }
            let (session, created) = try await legacyTask(p)
            let id = try p.need(created.result?["task"]?["taskId"], "a task")
            _ = await session.request("tasks/result", ["taskId": id], within: p.options.callLimit)
            try p.expectError(await session.request("tasks/cancel", ["taskId": id]), -32602, "a task that has ended")
        },
        Check(
            "S354",
            "undeclared-task-ignored",
            .must,
            .tasks,
            in: .only(.v2025_11_25),
            needs: "tools",
            rule: "A server without tasks ignores the parameter `task`"
        ) { p in
            guard !p.has(capability: "tasks.requests.tools.call") else {
                throw Verdict.Stop.notApplicable("a server without tasks")
            }
            let call = try p.anyCallable()
            var params = Probe.params(call.tool, call.arguments)
            params["task"] = [:]
            let exchange = await p.request("tools/call", params, within: p.options.callLimit)
            if exchange.response != nil, exchange.result == nil {
                // The tool may refuse any call.
                params["task"] = nil
                let plain = await p.request("tools/call", params, within: p.options.callLimit)
                guard plain.result != nil else { throw Verdict.Stop.inconclusive("a tool that can be called") }
                try p.expect(false, "\(exchange.outcome), but a result without task", exchange)
            }
            try p.expect(exchange.response != nil && exchange.result?["task"] == nil, exchange.outcome, exchange)
        },
    ]

    private static func legacyTask(_ p: Probe) async throws -> (Session, Exchange) {
        let tools = p.catalog.tools.filter { tool in
            ["optional", "required"].contains(tool["execution"]?["taskSupport"] ?? nil)
                && !p.options.skippedTools.contains(tool["name"]?.string ?? "")
                && (p.options.allowsWrites || tool["annotations"]?["readOnlyHint"] == true)
        }
        let tool = try p.need(tools.first, "a tool with tasks that is declared read-only (or --allow-writes)")
        let arguments = p.options.samples.arguments(ofTool: tool) ?? [:]
        let session = try await p.capable()
        let exchange = await session.request(
            "tools/call",
            ["name": tool["name"] ?? "", "arguments": .object(arguments), "task": ["ttl": 60_000]]
        )
        return (session, exchange)
    }
}
