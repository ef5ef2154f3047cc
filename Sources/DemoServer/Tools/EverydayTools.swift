import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPServer

extension DemoServer {
    /// Adds simple tools for newcomers.
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
            guard divisor != 0 else { return .complete(.failure("Cannot divide by zero; use another divisor.")) }
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
            description: "Return the message unchanged. Use it to check that text arrives as sent.",
            inputSchema: schema(
                ["message": ["type": "string", "description": "The text to return, such as \"Grüße 👋\"."]],
                required: ["message"]
            )
        ),
        title: "Echo"
    )

    private static let add: Tool = {
        var tool = readOnly(
            Tool(
                name: "add",
                description: "Add two numbers and return the sum as structured content.",
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
        tool.outputSchema = schema(["sum": ["type": "number", "description": "a + b."]], required: ["sum"])
        return tool
    }()

    private static let divide = readOnly(
        Tool(
            name: "divide",
            description: "Divide one number by another. A divisor of 0 shows how a tool reports a failure.",
            inputSchema: schema(
                [
                    "dividend": ["type": "number", "description": "The number to divide."],
                    "divisor": ["type": "number", "description": "The number to divide by. 0 fails."],
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
                description: "Return the invented weather of a city, which is always the same.",
                inputSchema: schema(
                    [
                        "city": [
                            "type": "string", "minLength": 1,
                            "description": "The name of the city, such as \"Lisbon\".",
                        ],
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
                "temperature": ["type": "number", "description": "The temperature in the requested unit."],
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
            description: "Wait for some seconds and report progress ten times. Can be cancelled.",
            inputSchema: schema([
                "seconds": [
                    "type": "number", "minimum": 0, "maximum": 600, "default": 1,
                    "description": "The duration in seconds.",
                ]
            ])
        ),
        title: "Slow tool"
    )

    private static let longText = readOnly(
        Tool(
            name: "long_text",
            description: "Return a text of a given length. Use it to check large results.",
            inputSchema: schema([
                "characters": [
                    "type": "integer", "minimum": 0, "maximum": 10_000_000, "default": 10_000,
                    "description": "The length of the text in characters.",
                ]
            ])
        ),
        title: "Long text"
    )

    // MARK: - Behavior

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

    /// Large results are built as bytes, which avoids a copy.
    private static func text(ofLength count: Int) -> ToolOutput {
        let line = Array("The quick brown fox jumps over the lazy dog.\n".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + line.count)
        while bytes.count < count { bytes += line }
        bytes.removeLast(bytes.count - count)
        return ToolOutput(content: [.text(utf8: bytes)])
    }
}

/// The schema of an object with these properties and no others.
func schema(_ properties: JSONObject, required: [String] = []) -> JSONObject {
    var schema: JSONObject = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
    schema["additionalProperties"] = false
    return schema
}

/// The tool with a title and the hints of a tool without side effects.
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
