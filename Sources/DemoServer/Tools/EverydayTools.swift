import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPServer

extension DemoServer {
    /// What newcomers meet first: tools that one understands at once.
    func addEverydayTools(to server: inout Server) throws {
        try server.add(Self.echo) { _, arguments in
            .complete(.text(arguments["message"]?.string ?? ""))
        }
        try server.add(Self.add) { _, arguments in
            let sum = (arguments["a"]?.double ?? 0) + (arguments["b"]?.double ?? 0)
            return .complete(.structured(["sum": JSONValue(sum)]))
        }
        try server.add(Self.divide) { _, arguments in
            let divisor = arguments["divisor"]?.double ?? 0
            guard divisor != 0 else { return .complete(.failure("Cannot divide by zero; choose another divisor.")) }
            return .complete(.text("\(JSONValue((arguments["dividend"]?.double ?? 0) / divisor))"))
        }
        try server.add(Self.weather) { _, arguments in
            .complete(.structured(Self.forecast(for: arguments["city"]?.string ?? "", in: arguments["unit"]?.string)))
        }
        try server.add(Self.slow) { context, arguments in
            .complete(.text(try await wait(arguments["seconds"]?.double ?? 1, context)))
        }
        try server.add(Self.longText) { _, arguments in
            .complete(Self.text(ofLength: arguments["characters"]?.int ?? 10_000))
        }
    }

    // MARK: - Descriptions

    private static let echo = readOnly(
        Tool(
            name: "echo",
            description: "Gives the message back unchanged. Use it to see whether text arrives as it was sent.",
            inputSchema: schema(
                ["message": ["type": "string", "description": "Any text, such as \"Grüße 👋\"."]],
                required: ["message"]
            )
        ),
        title: "Echo"
    )

    private static let add: Tool = {
        var tool = readOnly(
            Tool(
                name: "add",
                description: "Adds two numbers and gives the sum as structured data.",
                inputSchema: schema(
                    [
                        "a": ["type": "number", "description": "The first number."],
                        "b": ["type": "number", "description": "The second number."],
                    ],
                    required: ["a", "b"]
                )
            ),
            title: "Add two numbers"
        )
        tool.outputSchema = schema(["sum": ["type": "number", "description": "a + b"]], required: ["sum"])
        return tool
    }()

    private static let divide = readOnly(
        Tool(
            name: "divide",
            description: "Divides one number by another. A divisor of 0 shows how a tool tells that it failed.",
            inputSchema: schema(
                [
                    "dividend": ["type": "number", "description": "What is divided."],
                    "divisor": ["type": "number", "description": "By what it is divided; anything but 0."],
                ],
                required: ["dividend", "divisor"]
            )
        ),
        title: "Divide"
    )

    private static let weather: Tool = {
        var tool = readOnly(
            Tool(
                name: "weather",
                description: "Tells a made-up weather for a city, always the same for the same city.",
                inputSchema: schema(
                    [
                        "city": ["type": "string", "minLength": 1, "description": "The name of a city: \"Lisbon\"."],
                        "unit": [
                            "type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius",
                            "description": "The unit of the temperature.",
                        ],
                    ],
                    required: ["city"]
                )
            ),
            title: "Weather"
        )
        tool.outputSchema = schema(
            [
                "city": ["type": "string"],
                "temperature": ["type": "number", "description": "In the unit that was asked for."],
                "unit": ["type": "string", "enum": ["celsius", "fahrenheit"]],
                "conditions": ["type": "string", "enum": .array(conditions.map(JSONValue.string))],
            ],
            required: ["city", "temperature", "unit", "conditions"]
        )
        return tool
    }()

    private static let slow = readOnly(
        Tool(
            name: "slow",
            description: "Takes its time and reports progress ten times on the way. It can be cancelled.",
            inputSchema: schema([
                "seconds": [
                    "type": "number", "minimum": 0, "maximum": 600, "default": 1,
                    "description": "How long it takes.",
                ]
            ])
        ),
        title: "Take some time"
    )

    private static let longText = readOnly(
        Tool(
            name: "long_text",
            description: "Gives a text of the length that is asked for. Use it to see what becomes of large results.",
            inputSchema: schema([
                "characters": [
                    "type": "integer", "minimum": 0, "maximum": 10_000_000, "default": 10_000,
                    "description": "How many characters the text has.",
                ]
            ])
        ),
        title: "Long text"
    )

    // MARK: - What they do

    private static let conditions = ["sunny", "cloudy", "rainy", "windy", "foggy"]

    static func forecast(for city: String, in unit: String?) -> JSONValue {
        let number = city.utf8.reduce(7) { ($0 * 31 + Int($1)) % 10_007 }
        let celsius = number % 35 - 5
        let unit = unit ?? "celsius"
        return [
            "city": .string(city),
            "temperature": unit == "fahrenheit" ? JSONValue(Double(celsius) * 1.8 + 32) : JSONValue(celsius),
            "unit": .string(unit),
            "conditions": .string(conditions[number % conditions.count]),
        ]
    }

    private func wait(_ seconds: Double, _ context: RequestContext) async throws -> String {
        let steps = 10
        for step in 1...steps {
            await scheduler.wait(for: .seconds(seconds / Double(steps)))
            try Task.checkCancellation()
            context.reportProgress(Double(step), total: Double(steps), message: "Step \(step) of \(steps)")
        }
        return "Done after \(JSONValue(seconds)) s."
    }

    /// Written as bytes, as a large result should be.
    private static func text(ofLength count: Int) -> ToolOutput {
        let line = Array("The quick brown fox jumps over the lazy dog.\n".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + line.count)
        while bytes.count < count { bytes += line }
        bytes.removeLast(bytes.count - count)
        return ToolOutput(content: [.text(utf8: bytes)])
    }
}

/// The schema of an object with these members and no others.
func schema(_ properties: JSONObject, required: [String] = []) -> JSONObject {
    var schema: JSONObject = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
    schema["additionalProperties"] = false
    return schema
}

/// The tool with the hints of one that changes nothing and knows no world outside.
func readOnly(_ tool: Tool, title: String) -> Tool {
    var annotations = ToolAnnotations(json: [:])
    annotations.title = title
    annotations.readOnlyHint = true
    annotations.openWorldHint = false
    var tool = tool
    tool.title = title
    tool.annotations = annotations
    return tool
}
