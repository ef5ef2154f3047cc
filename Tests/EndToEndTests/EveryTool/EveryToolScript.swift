import JSON

/// A script that uses each tool of `--tools all` once with success, against the demo server.
struct EveryToolScript {
    /// An OpenAI-compatible endpoint with the model `seen`.
    let modelURL: String
    /// A configuration file with the server `mine`.
    let configuration: String

    /// The calls, and what each result must contain.
    var calls: [ScriptedCall] { tester + connected + lists + uses + input + task + comparison + closer + ending }

    private let demo = ScriptedCall.command([Product.path, "demo", "--fixtures"])

    private var tester: [ScriptedCall] {
        [
            ScriptedCall("ping", [:], ["result": "pong"]),
            ScriptedCall("echo", ["message": "grüezi 😀"], ["result": "grüezi 😀"]),
            ScriptedCall("add", ["a": 2, "b": 3], ["result": 5]),
            ScriptedCall("health_check", [:], ["status": "healthy", "server": "mcp-test-mcp"]),
            ScriptedCall(
                "list_configured_servers",
                ["config": .string(configuration)],
                ["servers[0].name": "mine", "servers[0].command": "mine-server"]
            ),
        ]
    }

    private var connected: [ScriptedCall] {
        [
            ScriptedCall("connect_to_server", demo, ["connection.server_info.name": "demo-server"]),
            ScriptedCall("list_connections", [:], ["connections[0].name": "default", "connections[0].current": true]),
            ScriptedCall("get_connection_status", [:], ["connected": true, "connection.transport": "stdio"]),
            ScriptedCall(
                "get_server_capabilities",
                [:],
                ["capabilities.tools": .object, "server_info.name": "demo-server"]
            ),
        ]
    }

    private var lists: [ScriptedCall] {
        [
            ScriptedCall("list_tools", [:], ["tools[0].name": "echo", "tools[].input_schema": .object]),
            // The demo server has more tools than fit into a text, so that there is a first handle.
            ScriptedCall("read_result", ["handle": "@1", "select": "/tools/0/name"], ["value": "echo"]),
            ScriptedCall("list_resources", [:], ["resources[0].uri": "demo://welcome"]),
            ScriptedCall(
                "list_resource_templates",
                [:],
                ["resource_templates[0].uriTemplate": "demo://weather/{city}"]
            ),
            ScriptedCall("list_prompts", [:], ["prompts[0].name": "summarize"]),
            ScriptedCall("skills", ["action": "list"], ["skills[].uri": .containing("SKILL.md")]),
        ]
    }

    private var uses: [ScriptedCall] {
        [
            ScriptedCall(
                "call_tool",
                ["name": "add", "arguments": ["a": 2, "b": 3]],
                ["tool_call.structured_content.sum": 5]
            ),
            ScriptedCall(
                "read_resource",
                ["uri": "demo://welcome"],
                ["resource.content": .containing("# Demo server")]
            ),
            ScriptedCall(
                "get_prompt",
                ["name": "summarize", "arguments": ["text": "t"]],
                ["prompt.messages[0].content.text": .containing("Summarize")]
            ),
            ScriptedCall(
                "complete",
                ["prompt": "summarize", "argument": "style", "value": "rh"],
                ["completion.values": .value(["rhyme"])]
            ),
            ScriptedCall(
                "execute_prompt_with_llm",
                [
                    "prompt_name": "test_simple_prompt",
                    "llm_config": ["url": .string(modelURL), "model": "seen", "api_key": .string("sk-peer-key")],
                ],
                ["llm_response.text": .containing("This is a simple prompt for testing.")]
            ),
        ]
    }

    private var input: [ScriptedCall] {
        [
            ScriptedCall(
                "call_tool",
                ["name": "test_elicitation", "arguments": ["message": "Who?"]],
                ["status": "needs_input", "questions[0].message": "Who?"]
            ),
            ScriptedCall(
                "respond",
                ["action": "accept", "content": ["username": "ada", "email": "ada@example.com"]],
                ["tool_call.result": .containing("action=accept")]
            ),
        ]
    }

    private var task: [ScriptedCall] {
        let index = tester.count + connected.count + lists.count + uses.count + input.count
        let started = ScriptedCall(
            "call_tool",
            ["name": "slow_compute", "arguments": ["seconds": 0.2, "label": "task"], "task": "handle"],
            ["task.taskId": .string, "tool_call": nil]
        )
        let id: JSONValue = ["result_of": JSONValue(index), "at": ["task", "taskId"]]
        return [
            started,
            ScriptedCall(
                "task",
                ["action": "wait", "task_id": id],
                ["tool_call.result": .containing("Computed for 0.2 s (task)"), "task.status": "completed"]
            ),
        ]
    }

    private var comparison: [ScriptedCall] {
        var other = demo
        other["name"] = "other"
        return [
            ScriptedCall("connect_to_server", other, ["connection.name": "other"]),
            ScriptedCall(
                "switch_connection",
                ["connection_name": "default"],
                ["connection.name": "default", "previous": "other"]
            ),
            ScriptedCall(
                "compare",
                ["tool": "weather", "arguments": ["city": "Lisbon"], "with": "other"],
                ["identical": true, "differences": .value([])]
            ),
        ]
    }

    private var closer: [ScriptedCall] {
        [
            ScriptedCall(
                "describe_tool",
                ["name": "add"],
                ["tool.name": "add", "signature": .containing("a: number")]
            ),
            ScriptedCall(
                "validate_arguments",
                ["name": "add", "arguments": ["a": 2, "b": 3]],
                ["valid": true, "errors": .value([])]
            ),
            ScriptedCall(
                "inspect_raw",
                ["method": "tools/list", "send": true],
                ["request.text": .containing("tools/list"), "result.tools[0].name": "echo"]
            ),
            ScriptedCall("subscribe", ["uris": ["test://watched-resource"]], ["subscription.number": 1]),
            ScriptedCall("get_events", ["kinds": ["frame"]], ["events": .array, "last_number": .number]),
        ]
    }

    private var ending: [ScriptedCall] {
        [
            ScriptedCall(
                "test_server",
                [:],
                ["summary.server_name": "demo-server", "summary.total_tools": .number]
            ),
            ScriptedCall("restart_server", [:], ["connection.name": "default", "difference": .object]),
            ScriptedCall("disconnect", ["all": true], ["was_connected": true]),
        ]
    }
}
