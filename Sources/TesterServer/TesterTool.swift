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

        /// The hints that differ from the protocol's defaults, and whether a tool that changes something may destroy it.
        fileprivate var annotations: ToolAnnotations {
            var annotations = ToolAnnotations(json: [:])
            switch self {
            case .readsTester:
                annotations.readOnlyHint = true
                annotations.idempotentHint = true
                annotations.openWorldHint = false
            case .readsServer:
                annotations.readOnlyHint = true
                annotations.idempotentHint = true
            case .changes(let isIdempotent):
                annotations.destructiveHint = false
                if isIdempotent { annotations.idempotentHint = true }
            case .mayDestroy(let isIdempotent):
                annotations.destructiveHint = true
                if isIdempotent { annotations.idempotentHint = true }
            }
            return annotations
        }
    }

    /// The tool as it is listed.
    let description: Tool
    private let shape: ResultShape
    private let body: Body

    /// Describes a tool.
    ///
    /// - Parameters:
    ///   - parameters: The properties of its arguments, each a JSON Schema.
    ///   - required: The names of the required parameters.
    ///   - effect: What calling it changes.
    ///   - shape: The members of its result.
    init(
        _ name: String,
        title: String,
        _ description: String,
        parameters: JSONObject = [:],
        required: [String] = [],
        effect: Effect,
        result shape: ResultShape,
        body: @escaping Body
    ) {
        let properties = JSONObject(parameters.members + Self.commonParameters.members)
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        schema["additionalProperties"] = false
        var tool = Tool(name: name, description: description, inputSchema: schema)
        tool.title = title
        tool.annotations = effect.annotations
        tool.outputSchema = shape.schema
        self.description = tool
        self.shape = shape
        self.body = body
    }

    /// The tool's name.
    var name: String { description.name ?? "" }

    /// The tool as a set of tools lists it.
    func description(in tools: ToolSet) -> Tool {
        guard var schema = description.inputSchema?.jsonValue.object else { return description }
        // Unknown arguments are refused in any case, with a hint at the right name.
        schema["additionalProperties"] = nil
        var properties = schema["properties"]?.object?.members ?? []
        if tools.base == .core, let original = ToolSet.original[name] {
            properties.removeAll { !original.contains($0.key) && $0.key != "verbose" }
        }
        schema["properties"] = .object(
            JSONObject(properties.map { .init(key: $0.key, value: $0.value.without(Self.obvious)) })
        )
        var tool = description
        tool.inputSchema = Tool(name: "", inputSchema: schema).inputSchema
        return tool
    }

    /// The keywords that are not shown: that headers are strings, or a timeout positive, goes without saying.
    ///
    /// Arguments are checked all the same.
    private static let obvious: Set<String> = ["additionalProperties", "exclusiveMinimum", "minimum"]

    /// Runs the tool; invalid input is reported as a failure.
    func run(in session: TesterSession, _ input: ToolInput, _ host: HostChannel) async -> Report {
        var report: Report
        do throws(Failure) {
            if let fault = input.fault { throw fault }
            report = try await body(session, input, host)
            report.findings += input.findings
        } catch {
            report = Report(error)
            var metadata: JSONObject = ["request_time_ms": 0]
            if let target = input.givenTarget { metadata["attempted_url"] = .string(Target.shown(target)) }
            report.add("metadata", .object(metadata))
        }
        if report.failure != nil { shape.complete(&report) }
        return report
    }

    /// All tools, in the order in which they are listed.
    static func all(servedOver transport: String) -> [TesterTool] {
        [
            .connectToServer, .listConfiguredServers, .disconnect, .restartServer, .testServer, .listConnections,
            .switchConnection, .getConnectionStatus, .listTools, .callTool, .listResources, .readResource,
            .listPrompts, .getPrompt, .executePromptWithLLM, .readResult, .respond, .task, .getEvents, .subscribe,
            .getServerCapabilities, .describeTool, .validateArguments, .inspectRaw, .complete, .listResourceTemplates,
            .compare, .skills, .checkServer, .runSuite, .saveSuite, .diagnoseAuth, .auditAuth,
            .healthCheck(servedOver: transport), .ping, .echo, .add,
        ]
    }
}

extension JSONValue {
    /// The schema without some keywords.
    fileprivate func without(_ keywords: Set<String>) -> JSONValue {
        guard let object else { return self }
        return .object(JSONObject(object.members.filter { !keywords.contains($0.key) }))
    }
}

// MARK: - Parameters of several tools

extension TesterTool {
    /// The parameters of every tool; the instructions describe them once.
    static let commonParameters: JSONObject = ["verbose": ["type": "boolean"], "max_tokens": ["type": "integer"]]

    /// A parameter with a description.
    static func parameter(_ type: String, _ description: String) -> JSONValue {
        ["type": .string(type), "description": .string(description)]
    }

    /// A parameter with a few values.
    static func choice(_ values: [String], _ description: String? = nil) -> JSONValue {
        var schema: JSONObject = ["type": "string", "enum": .array(values.map(JSONValue.string))]
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    /// A list of strings.
    static func strings(_ description: String) -> JSONValue {
        ["type": "array", "items": ["type": "string"], "description": .string(description)]
    }

    /// An object whose values are strings.
    static func variables(_ description: String) -> JSONValue {
        ["type": "object", "additionalProperties": ["type": "string"], "description": .string(description)]
    }

    /// The connection to use, which the instructions describe once.
    static let connectionName: JSONValue = ["type": "string"]

    static let listParameters: JSONObject = [
        "connection_name": connectionName,
        "filter": parameter("string", "Text in name, title or description."),
        "detail": choice(EntryList.Detail.allCases.map(\.rawValue), "Default: the most that fits."),
    ]

    static let headers = variables("HTTP headers of this request only.")

    static let preparedAnswers: JSONValue = [
        "type": "array", "items": ["type": "object"],
        "description": .string(
            "Answers for expected input requests, each used once; as in `respond`, plus an optional `match`: "
                + "{kind, key, message_contains, fields}."
        ),
    ]

    static let answersAsInCallTool: JSONValue = [
        "type": "array", "items": ["type": "object"], "description": "As in call_tool.",
    ]

    /// The timeout of a request, which the instructions describe once.
    static let timeout: JSONValue = ["type": "number", "exclusiveMinimum": 0]
}
