import JSON
import TestSupport

/// The calls of a user of the first mcp-test-mcp: each tool, each success and each failure that it documents.
struct DropInScript {
    /// A demo server over Streamable HTTP, and one over HTTP+SSE.
    let httpURL: String
    let sseURL: String
    /// An OpenAI-compatible endpoint with the model `seen`.
    let modelURL: String
    /// A server whose tool never answers, and one that exits during a call.
    let silent: FaultyServer
    let crashing: FaultyServer
    /// A server on a third-party library.
    let peer: [String]

    /// Its calls, in order.
    var calls: [ScriptedCall] {
        withoutConnection + failedConnections + tools + resources + prompts + model + otherTargets + overHTTP + ending
    }

    private let demo = ScriptedCall.command([Product.path, "demo", "--fixtures"])

    private func failure(_ errorType: String, _ tool: String, _ arguments: JSONObject = [:]) -> ScriptedCall {
        var expected = DropInKeys.failure(errorType, of: tool)
        let isTarget = arguments["url"]?.string != nil || arguments["command"] != nil
        if tool == "connect_to_server", isTarget { expected["metadata.attempted_url"] = .string }
        return ScriptedCall(tool, arguments, expected)
    }

    private func faulty(_ server: FaultyServer) -> JSONObject {
        ScriptedCall.command(["/usr/bin/env", FaultyServer.python] + server.arguments)
    }

    // MARK: - Without a connection

    private var withoutConnection: [ScriptedCall] {
        [
            ScriptedCall("health_check", DropInKeys.healthCheck),
            ScriptedCall("ping", ["result": "pong"]),
            ScriptedCall("echo", ["message": "grüezi 😀"], ["result": "grüezi 😀"]),
            ScriptedCall("echo", ["message": ""], ["result": ""]),
            ScriptedCall("add", ["a": 2, "b": 3], ["result": 5]),
            ScriptedCall("add", ["a": -7, "b": 0], ["result": -7]),
            failure("invalid_arguments", "echo"),
            failure("invalid_arguments", "add", ["a": 1]),
            failure("invalid_arguments", "add", ["a": 1, "b": "two"]),
            ScriptedCall("get_connection_status", DropInKeys.statusWithoutConnection),
            ScriptedCall("disconnect", DropInKeys.disconnected),
            failure("not_connected", "list_tools"),
            failure("not_connected", "list_resources"),
            failure("not_connected", "list_prompts"),
            failure("not_connected", "call_tool", ["name": "echo", "arguments": [:]]),
            failure("not_connected", "read_resource", ["uri": "demo://welcome"]),
            failure("not_connected", "get_prompt", ["name": "summarize", "arguments": [:]]),
            failure("not_connected", "execute_prompt_with_llm", ["prompt_name": "summarize"]),
        ]
    }

    private var failedConnections: [ScriptedCall] {
        let unreachable: JSONObject = ["url": "http://127.0.0.1:1/mcp"]
        return [
            failure("connection_failed", "connect_to_server", unreachable),
            failure("connection_failed", "connect_to_server", ["url": "http://127.0.0.1:1/sse"]),
            failure("connection_failed", "connect_to_server", ["command": "/no/such/program"]),
            failure("connection_failed", "connect_to_server", ["command": "/bin/sh", "args": ["-c", "exit 3"]]),
            failure("invalid_arguments", "connect_to_server"),
            failure("connection_failed", "connect_to_server", ["url": "/no/such/server.py"]),
            failure("invalid_arguments", "connect_to_server", ["url": "htp://127.0.0.1/mcp"]),
            failure("invalid_arguments", "connect_to_server", ["url": 5]),
            failure("connection_failed", "connect_to_server", ["url": "http://127.0.0.1:1/mcp", "auth": "oauth"]),
            failure(
                "invalid_arguments",
                "connect_to_server",
                ["url": "http://127.0.0.1:1/mcp", "auth": ["type": "x"]]
            ),
            ScriptedCall("get_connection_status", DropInKeys.statusWithoutConnection),
        ]
    }

    // MARK: - The demo server over stdio

    private var tools: [ScriptedCall] {
        func call(_ tool: String, _ arguments: JSONObject, _ expected: Expectations) -> ScriptedCall {
            ScriptedCall(
                "call_tool",
                ["name": .string(tool), "arguments": .object(arguments)],
                DropInKeys.callTool + ["tool_call.tool_name": .value(.string(tool))] + expected
            )
        }
        return [
            ScriptedCall(
                "connect_to_server",
                demo,
                DropInKeys.connectToServer + [
                    "connection.transport": "stdio", "connection.headers_provided": false, "connection.auth_type": nil,
                    "metadata.transport": "stdio",
                ]
            ),
            ScriptedCall("get_connection_status", DropInKeys.status + ["connection.statistics.tools_called": 0]),
            ScriptedCall("list_tools", DropInKeys.listTools),
            call(
                "echo",
                ["message": "hi"],
                ["tool_call.result": "hi", "tool_call.arguments": .value(["message": "hi"])]
            ),
            call("echo", ["message": ""], ["tool_call.result": ""]),
            call("add", ["a": 2, "b": 3], ["tool_call.result": .string, "tool_call.structured_content.sum": 5]),
            call("weather", ["city": "Lisbon"], ["tool_call.structured_content.city": "Lisbon"]),
            call("test_simple_text", [:], ["tool_call.result": .containing("simple text")]),
            call("test_image_content", [:], ["tool_call.content[0].mimeType": "image/png"]),
            call("test_audio_content", [:], ["tool_call.content[0].type": "audio"]),
            call("test_embedded_resource", [:], ["tool_call.content[0].type": "resource"]),
            call("test_multiple_content_types", [:], ["tool_call.content": .array, "tool_call.result": .string]),
            ScriptedCall(
                "call_tool",
                ["name": "test_simple_text"],
                DropInKeys.callTool + ["tool_call.arguments": .value([:])]
            ),
            failure("execution_error", "call_tool", ["name": "divide", "arguments": ["dividend": 1, "divisor": 0]]),
            failure("execution_error", "call_tool", ["name": "test_error_handling", "arguments": [:]]),
            failure("tool_not_found", "call_tool", ["name": "ecko", "arguments": [:]]),
            failure("invalid_arguments", "call_tool", ["name": "add", "arguments": ["a": "two"]]),
            failure("invalid_arguments", "call_tool", ["name": "weather", "arguments": [:]]),
            failure("invalid_arguments", "call_tool"),
            failure("invalid_arguments", "call_tool", ["name": "echo", "arguments": 5]),
            failure("timeout", "call_tool", ["name": "slow", "arguments": ["seconds": 30], "timeout": 0.05]),
            ScriptedCall("get_connection_status", DropInKeys.status + ["connection.statistics.errors": 6]),
        ]
    }

    private var resources: [ScriptedCall] {
        func read(_ uri: String, _ expected: Expectations) -> ScriptedCall {
            ScriptedCall(
                "read_resource",
                ["uri": .string(uri)],
                DropInKeys.readResource + ["resource.uri": .value(.string(uri))] + expected
            )
        }
        return [
            ScriptedCall("list_resources", DropInKeys.listResources),
            read("demo://welcome", ["resource.mimeType": "text/markdown", "resource.content": .containing("# Demo")]),
            read("test://static-text", ["resource.mimeType": "text/plain"]),
            read("test://static-binary", ["resource.mimeType": "image/png"]),
            read("demo://weather/Lisbon", ["resource.mimeType": "application/json"]),
            failure("resource_not_found", "read_resource", ["uri": "demo://nothing"]),
            failure("resource_not_found", "read_resource", ["uri": ""]),
            failure("invalid_arguments", "read_resource"),
            failure("invalid_arguments", "read_resource", ["uri": ["demo://welcome"]]),
        ]
    }

    private var prompts: [ScriptedCall] {
        [
            ScriptedCall("list_prompts", DropInKeys.listPrompts),
            ScriptedCall(
                "get_prompt",
                ["name": "summarize", "arguments": ["text": "t"]],
                DropInKeys.getPrompt + [
                    "prompt.messages[0].content.text": .containing("Summarize"), "prompt.messages[0].role": "user",
                ]
            ),
            ScriptedCall("get_prompt", ["name": "test_simple_prompt"], DropInKeys.getPrompt),
            ScriptedCall(
                "get_prompt",
                ["name": "test_prompt_with_image", "arguments": [:]],
                DropInKeys.getPrompt + ["prompt.messages[0].content.type": "image"]
            ),
            ScriptedCall(
                "get_prompt",
                ["name": "test_prompt_with_embedded_resource", "arguments": ["resourceUri": "demo://x"]],
                DropInKeys.getPrompt + ["prompt.messages[0].content.type": "resource"]
            ),
            failure("prompt_not_found", "get_prompt", ["name": "summarise_all", "arguments": [:]]),
            failure("invalid_arguments", "get_prompt", ["name": "summarize", "arguments": [:]]),
            failure("invalid_arguments", "get_prompt"),
        ]
    }

    private var model: [ScriptedCall] {
        func config(_ members: JSONObject) -> JSONObject {
            ["prompt_name": "test_simple_prompt", "llm_config": .object(members)]
        }
        let execute = "execute_prompt_with_llm"
        let found: JSONObject = ["url": .string(modelURL), "model": "seen", "api_key": .string("sk-peer-key")]
        return [
            ScriptedCall(execute, config(found), DropInKeys.executePrompt + ["parsed_response": .object]),
            ScriptedCall(
                execute,
                [
                    "prompt_name": "summarize", "prompt_arguments": #"{"text": "About {{topic}}."}"#,
                    "fill_variables": ["topic": "Lisbon"], "llm_config": .string(JSONValue.object(found).description),
                ],
                DropInKeys.executePrompt + ["llm_response.text": .containing("About Lisbon.")]
            ),
            failure("llm_config_error", execute, ["prompt_name": "test_simple_prompt"]),
            failure("llm_config_error", execute, config(["url": .string(modelURL)])),
            failure("llm_request_error", execute, config(["url": "http://127.0.0.1:1/v1", "model": "m"])),
            failure("llm_request_error", execute, config(["url": .string(modelURL), "model": "nope"])),
            failure("prompt_not_found", execute, ["prompt_name": "nothing", "llm_config": .object(found)]),
            failure("invalid_arguments", execute, ["prompt_name": "summarize", "llm_config": .object(found)]),
            failure("invalid_arguments", execute, ["prompt_name": "summarize", "llm_config": "{"]),
            failure("invalid_arguments", execute),
        ]
    }

    // MARK: - Other targets

    private var otherTargets: [ScriptedCall] {
        [
            ScriptedCall("connect_to_server", ScriptedCall.command(peer), DropInKeys.connectToServer),
            ScriptedCall("list_tools", DropInKeys.listTools + ["metadata.server_name": "peer"]),
            ScriptedCall("list_resources", DropInKeys.listResources),
            ScriptedCall("list_prompts", DropInKeys.listPrompts),
            ScriptedCall(
                "call_tool",
                ["name": "structured"],
                DropInKeys.callTool + ["tool_call.structured_content.wind": nil]
            ),
            failure("execution_error", "call_tool", ["name": "fail"]),
            failure("transport_error", "call_tool", ["name": "crash"]),
            ScriptedCall("get_connection_status", ["connected": false, "connection": .object, "message": .string]),
            ScriptedCall("connect_to_server", faulty(crashing), DropInKeys.connectToServer),
            failure("transport_error", "call_tool", ["name": "echo", "arguments": ["message": "x"]]),
            failure("not_connected", "list_tools"),
            ScriptedCall("connect_to_server", faulty(silent), DropInKeys.connectToServer),
            failure("timeout", "call_tool", ["name": "echo", "arguments": ["message": "x"], "timeout": 0.05]),
        ]
    }

    private var overHTTP: [ScriptedCall] {
        [
            ScriptedCall(
                "connect_to_server",
                ["url": .string(httpURL), "headers": ["X-Team": "a"], "auth": "t0ken"],
                DropInKeys.connectToServer + [
                    "connection.transport": "streamable-http", "connection.headers_provided": true,
                    "connection.auth_type": "bearer", "connection.server_url": .value(.string(httpURL)),
                    "metadata.auth_type": "bearer",
                ]
            ),
            ScriptedCall("list_tools", DropInKeys.listTools),
            ScriptedCall(
                "call_tool",
                ["name": "echo", "arguments": ["message": "hi"]],
                DropInKeys.callTool + ["tool_call.result": "hi"]
            ),
            failure("tool_not_found", "call_tool", ["name": "nothing", "arguments": [:]]),
            ScriptedCall(
                "connect_to_server",
                ["url": .string(httpURL), "auth": ["type": "bearer", "token": "t0ken"]],
                DropInKeys.connectToServer + ["connection.auth_type": "bearer"]
            ),
            ScriptedCall(
                "connect_to_server",
                ["url": .string(sseURL)],
                DropInKeys.connectToServer + ["connection.transport": "sse"]
            ),
            ScriptedCall("read_resource", ["uri": "demo://welcome"], DropInKeys.readResource),
        ]
    }

    private var ending: [ScriptedCall] {
        [
            ScriptedCall("get_connection_status", DropInKeys.status + ["connection.transport": "sse"]),
            ScriptedCall("disconnect", DropInKeys.disconnect),
            ScriptedCall("disconnect", DropInKeys.disconnected),
            failure("not_connected", "call_tool", ["name": "echo", "arguments": [:]]),
            failure("invalid_arguments", "disconnect", ["everything": true]),
        ]
    }
}

extension ScriptedCall {
    fileprivate init(_ tool: String, _ expected: Expectations) { self.init(tool, [:], expected) }
}
