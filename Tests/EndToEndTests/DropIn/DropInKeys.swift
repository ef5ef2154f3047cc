import JSON

/// The keys of the first mcp-test-mcp by tool, which scripts of its users read.
///
/// A successor may have more, but none may be missing or have another type.
enum DropInKeys {
    static let connection: Expectations =
        [
            "connection.server_url": .string, "connection.transport": .string, "connection.connected_at": .string,
            "connection.server_info.name": .string, "connection.server_info.version": .string,
            "connection.server_info.capabilities.tools": .boolean,
            "connection.server_info.capabilities.resources": .boolean,
            "connection.server_info.capabilities.prompts": .boolean,
            "connection.headers_provided": .boolean, "connection.auth_type": .anything,
        ] + statistics("connection.statistics")

    static func statistics(_ place: String) -> Expectations {
        [
            "\(place).tools_called": .number, "\(place).resources_accessed": .number,
            "\(place).prompts_executed": .number, "\(place).errors": .number,
        ]
    }

    static let connectToServer: Expectations =
        connection + [
            "message": .string, "metadata.request_time_ms": .number, "metadata.transport": .string,
            "metadata.server_url": .string, "metadata.headers_provided": .boolean, "metadata.auth_type": .anything,
        ]

    static let disconnect: Expectations =
        [
            "message": .string, "was_connected": true, "metadata.request_time_ms": .number,
            "metadata.was_connected": true, "metadata.previous_connection.server_url": .string,
            "metadata.previous_connection.transport": .string,
            "metadata.previous_connection.duration_seconds": .number,
        ] + statistics("metadata.previous_connection.statistics")

    static let disconnected: Expectations = [
        "message": .string, "was_connected": false, "metadata.request_time_ms": .number,
        "metadata.was_connected": false,
    ]

    static let status: Expectations =
        connection + [
            "connected": true, "message": .string, "metadata.request_time_ms": .number,
            "metadata.connection_duration_seconds": .number,
        ]

    static let statusWithoutConnection: Expectations = [
        "connected": false, "connection": nil, "message": .string, "metadata.request_time_ms": .number,
        "metadata.connection_duration_seconds": .anything,
    ]

    private static let list: Expectations = [
        "metadata.server_url": .string, "metadata.retrieved_at": .string, "metadata.request_time_ms": .number,
        "metadata.server_name": .string, "metadata.server_version": .string,
    ]

    static let listTools: Expectations =
        list + [
            "tools[].name": .string, "tools[].description": .string, "tools[].input_schema": .object,
            "metadata.total_tools": .number,
        ]

    static let listResources: Expectations =
        list + [
            "resources[].uri": .string, "resources[].name": .string, "resources[].description": .anything,
            "resources[].mimeType": .anything, "metadata.total_resources": .number,
        ]

    static let listPrompts: Expectations =
        list + [
            "prompts[].name": .string, "prompts[].description": .anything, "prompts[].arguments": .array,
            "prompts[0].arguments[].name": .string, "prompts[0].arguments[].description": .anything,
            "prompts[0].arguments[].required": .anything, "metadata.total_prompts": .number,
        ]

    private static let use: Expectations =
        [
            "metadata.request_time_ms": .number, "metadata.server_url": .string,
        ] + statistics("metadata.connection_statistics")

    static let callTool: Expectations =
        use + [
            "tool_call.tool_name": .string, "tool_call.arguments": .object, "tool_call.result": .anything,
            "tool_call.execution.duration_ms": .number, "tool_call.execution.success": true,
        ]

    static let readResource: Expectations =
        use + [
            "resource.uri": .string, "resource.mimeType": .anything, "resource.content": .string,
            "metadata.content_size": .number,
        ]

    static let getPrompt: Expectations = [
        "prompt.name": .string, "prompt.description": .anything, "prompt.messages[].role": .string,
        "prompt.messages[].content.type": .string, "metadata.request_time_ms": .number,
        "metadata.server_url": .string,
    ]

    static let executePrompt: Expectations = [
        "prompt.name": .string, "prompt.arguments": .object, "prompt.message_count": .number,
        "llm_request": .object, "llm_response.text": .string, "llm_response.usage": .object,
        "llm_response.model": .string, "parsed_response": .anything, "metadata.prompt_retrieval_ms": .number,
        "metadata.llm_execution_ms": .number, "metadata.total_time_ms": .number, "metadata.server_url": .string,
        "metadata.llm_endpoint": .string, "metadata.llm_model": .string,
    ]

    static let healthCheck: Expectations = [
        "status": "healthy", "server": "mcp-test-mcp", "version": .string, "transport": "stdio",
    ]

    /// What every failure has, beside the empty payload of its tool.
    static func failure(_ errorType: String, of tool: String) -> Expectations {
        var expected: Expectations = [
            "error.error_type": .value(.string(errorType)), "error.message": .string, "error.details": .object,
            "error.suggestion": .string,
        ]
        if let (key, value) = emptyPayloads[tool] { expected[key] = value }
        if tool == "connect_to_server" { expected["metadata.request_time_ms"] = .number }
        return expected
    }

    private static let emptyPayloads: [String: (String, Expected)] = [
        "connect_to_server": ("connection", nil), "list_tools": ("tools", .value([])), "call_tool": ("tool_call", nil),
        "list_resources": ("resources", .value([])), "read_resource": ("resource", nil),
        "list_prompts": ("prompts", .value([])), "get_prompt": ("prompt", nil),
    ]
}
