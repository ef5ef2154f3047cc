import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPServer

extension DemoServer {
    /// Adds the tools that the official conformance suite calls.
    ///
    /// It fixes their names and texts.
    func addFixtureTools(to server: inout Server) throws {
        try addContentFixtures(to: &server)
        try addBehaviorFixtures(to: &server)
        try server.add(Self.schemaFixture) { _, arguments in
            .complete(.text("Received \(arguments.text)"))
        }
        try server.add(Self.headerFixture) { _, arguments in
            .complete(.text("The region is \(arguments["region"]?.string ?? "not given")."))
        }
    }

    private func addContentFixtures(to server: inout Server) throws {
        try server.add(Self.fixture("test_simple_text", "Return a simple text.")) { _, _ in
            .complete(.text("This is a simple text response for testing."))
        }
        try server.add(Self.fixture("test_image_content", "Return an image.")) { _, _ in
            .complete(.blocks(.image(data: Samples.image, mimeType: "image/png")))
        }
        try server.add(Self.fixture("test_audio_content", "Return an audio clip.")) { _, _ in
            .complete(.blocks(.audio(data: Samples.audio, mimeType: "audio/wav")))
        }
        try server.add(Self.fixture("test_embedded_resource", "Return an embedded resource.")) { _, _ in
            let text = "This is an embedded resource content."
            let contents = ResourceContents(uri: "test://embedded-resource", mimeType: "text/plain", text: text)
            return .complete(.blocks(.resource(contents)))
        }
        let mixed = Self.fixture("test_multiple_content_types", "Return a text, an image and a resource.")
        try server.add(mixed) { _, _ in
            let contents = ResourceContents(
                uri: "test://mixed-content-resource",
                mimeType: "application/json",
                text: #"{"test":"data","value":123}"#
            )
            return .complete(
                .blocks(
                    .text("Multiple content types test:"),
                    .image(data: Samples.image, mimeType: "image/png"),
                    .resource(contents)
                )
            )
        }
    }

    private func addBehaviorFixtures(to server: inout Server) throws {
        let error = Self.fixture("test_error_handling", "Always fail.")
        try server.add(error) { _, _ in
            .complete(.failure("This tool intentionally returns an error for testing"))
        }
        let progress = Self.fixture("test_tool_with_progress", "Report progress three times, 50 ms apart.")
        try server.add(progress) { context, _ in
            for done in [0, 50, 100] {
                context.reportProgress(Double(done), total: 100, message: "Completed step \(done) of 100")
                try await pause()
            }
            return .complete(.text("Progress was reported for the token of the request."))
        }
        let messages = ["Tool execution started", "Tool processing data", "Tool execution completed"]
        let logging = Self.fixture("test_tool_with_logging", "Log three messages, 50 ms apart.")
        try server.add(logging) { context, _ in
            for message in messages {
                context.log(.info, .string(message), logger: "demo")
                try await pause()
            }
            return .complete(.text("Three messages were logged at level info."))
        }
        let levels = Self.fixture("test_logging_tool", "Log one message of each level.")
        try server.add(levels) { context, _ in
            for level in LogLevel.allCases { context.log(level, "A message of level \(level)", logger: "demo") }
            return .complete(.text("One message of each level was logged."))
        }
        let reconnection = Self.fixture(
            "test_reconnection",
            "Close the connection and respond after the client has reconnected, if the transport supports it."
        )
        try server.add(reconnection) { context, _ in
            context.releaseConnection(retry: 500)
            try await pause()
            return .complete(.text("The response was kept until the client reconnected."))
        }
        let needy = Self.fixture("test_missing_capability", "Serve only clients that declare sampling.")
        try server.add(needy) { context, _ in
            guard context.caller.capabilities.has(.sampling) else {
                var needed = ClientCapabilities()
                needed.declare(.sampling)
                throw MissingClientCapability(needed)
            }
            return .complete(.text("The client declares sampling."))
        }
    }

    func pause() async throws {
        await scheduler.wait(for: .milliseconds(50))
        try Task.checkCancellation()
    }

    static func fixture(_ name: String, _ description: String, _ properties: JSONObject = [:]) -> Tool {
        Tool(name: name, description: "Conformance fixture. \(description)", inputSchema: schema(properties))
    }

    private static let headerFixture = fixture(
        "test_x_mcp_header",
        "Take an argument that HTTP requests repeat in the header Mcp-Param-Region.",
        [
            "region": [
                "type": "string", "description": "The region in which to run.", "x-mcp-header": "Region",
            ]
        ]
    )

    /// The suite compares the listed schema with this one.
    static let schemaFixture = Tool(
        name: "json_schema_2020_12_tool",
        description: "Conformance fixture. Take arguments of a schema with keywords of JSON Schema 2020-12.",
        inputSchema: [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "$defs": [
                "address": [
                    "$anchor": "addressDef",
                    "type": "object",
                    "properties": ["street": ["type": "string"], "city": ["type": "string"]],
                ]
            ],
            "properties": [
                "name": ["type": "string"],
                "address": ["$ref": "#/$defs/address"],
                "contactMethod": ["type": "string", "enum": ["phone", "email"]],
                "phone": ["type": "string"],
                "email": ["type": "string"],
            ],
            "allOf": [["anyOf": [["required": ["phone"]], ["required": ["email"]]]]],
            "if": [
                "properties": ["contactMethod": ["const": "phone"]],
                "required": ["contactMethod"],
            ],
            "then": ["required": ["phone"]],
            "else": ["required": ["email"]],
            "additionalProperties": false,
        ]
    )
}
