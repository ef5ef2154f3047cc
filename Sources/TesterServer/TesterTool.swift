import JSON
import MCP
import Tester

/// One tool of the tester: its description and what it does.
struct TesterTool: Sendable {
    typealias Body = @Sendable (TesterSession, ToolInput, HostChannel) async throws(Failure) -> Report

    /// What calling a tool changes; becomes the tool's annotations.
    enum Effect {
        /// It only reads, from this tester alone.
        case readsTester
        /// It only reads, from the connected server.
        case readsServer
        /// It changes a setting or a subscription. Repeating an idempotent change has no further effect.
        case changes(isIdempotent: Bool)
        /// It may destroy something: it starts or ends a program, or runs a tool of the connected server.
        case mayDestroy(isIdempotent: Bool)

        /// The hints; for a tool that only reads, the protocol ignores whether it destroys.
        fileprivate var annotations: ToolAnnotations {
            var annotations = ToolAnnotations(json: [:])
            annotations.readOnlyHint = false
            annotations.idempotentHint = true
            annotations.openWorldHint = true
            switch self {
            case .readsTester:
                annotations.readOnlyHint = true
                annotations.openWorldHint = false
            case .readsServer: annotations.readOnlyHint = true
            case .changes(let isIdempotent):
                annotations.destructiveHint = false
                annotations.idempotentHint = isIdempotent
            case .mayDestroy(let isIdempotent):
                annotations.destructiveHint = true
                annotations.idempotentHint = isIdempotent
            }
            return annotations
        }
    }

    /// The tool as it is listed.
    let description: Tool
    private let body: Body

    /// Describes a tool.
    ///
    /// - Parameters:
    ///   - parameters: The properties of its arguments, each a JSON Schema.
    ///   - required: The names of the required parameters.
    ///   - effect: What calling it changes.
    init(
        _ name: String,
        title: String,
        _ description: String,
        parameters: JSONObject = [:],
        required: [String] = [],
        effect: Effect,
        body: @escaping Body
    ) {
        let properties = JSONObject(parameters.members + Self.commonParameters.members)
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        schema["additionalProperties"] = false
        var tool = Tool(name: name, description: description, inputSchema: schema)
        tool.title = title
        tool.annotations = effect.annotations
        self.description = tool
        self.body = body
    }

    /// The tool's name.
    var name: String { description.name ?? "" }

    /// The tool as a set of tools lists it.
    func description(in tools: ToolSet) -> Tool {
        guard var schema = description.inputSchema?.jsonValue.object else { return description }
        // Unknown arguments are refused in any case, with a hint at the right name.
        schema["additionalProperties"] = nil
        let properties = schema["properties"]?.object?.members ?? []
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        if tools == .core {
            schema["properties"] = .object(
                JSONObject(
                    properties.filter { required.contains($0.key) || !ToolSet.advancedParameters.contains($0.key) }
                )
            )
        }
        var tool = description
        tool.inputSchema = Tool(name: "", inputSchema: schema).inputSchema
        return tool
    }

    /// Runs the tool; invalid input is reported as a failure.
    func run(in session: TesterSession, _ input: ToolInput, _ host: HostChannel) async -> Report {
        do throws(Failure) {
            if let fault = input.fault { throw fault }
            var report = try await body(session, input, host)
            report.findings += input.findings
            return report
        } catch {
            var report = Report(error)
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
    }

    /// All tools, in the order in which they are listed.
    static func all(servedOver transport: String) -> [TesterTool] {
        [
            .connectToServer, .listConfiguredServers, .disconnect, .restartServer, .testServer, .listConnections,
            .switchConnection, .getConnectionStatus, .listTools, .callTool, .listResources, .readResource,
            .listPrompts, .getPrompt, .executePromptWithLLM, .readResult, .respond, .task, .getEvents, .subscribe,
            .getServerCapabilities, .describeTool, .validateArguments, .inspectRaw, .complete, .listResourceTemplates,
            .compare, .skills,
            .healthCheck(servedOver: transport), .ping, .echo, .add,
        ]
    }
}

// MARK: - Parameters of several tools

extension TesterTool {
    /// The parameters of every tool; the instructions describe them once.
    static let commonParameters: JSONObject = ["verbose": ["type": "boolean"], "max_tokens": ["type": "integer"]]

    /// A parameter that may be omitted; null counts as omitted.
    static func optional(_ type: String, _ description: String) -> JSONValue {
        ["type": .string(type), "description": .string(description)]
    }

    static func required(_ type: String, _ description: String) -> JSONValue {
        ["type": .string(type), "description": .string(description)]
    }

    static let connectionName = optional("string", "Connection name or ID (default: the current one).")

    static let listParameters: JSONObject = [
        "connection_name": connectionName,
        "filter": optional("string", "Show only entries whose name, title or description contains this."),
        "detail": [
            "type": "string", "enum": .array(EntryList.Detail.allCases.map { .string($0.rawValue) }),
            "description": "How much of each entry (default: the most that fits).",
        ],
    ]

    static let headers: JSONValue = [
        "type": "object", "additionalProperties": ["type": "string"],
        "description":
            "HTTP headers for this request only; they may replace those of the protocol.",
    ]

    static let preparedAnswers: JSONValue = [
        "type": "array", "items": ["type": "object"],
        "description": .string(
            "Answers for input that the server may request, each used once; as in `respond`, plus an optional `match`: "
                + "{kind, key, message_contains, fields}."
        ),
    ]

    static let timeout: JSONValue = [
        "type": "number",
        "exclusiveMinimum": 0,
        "description": "Response timeout in seconds (default: 60 idle, 600 total).",
    ]
}
