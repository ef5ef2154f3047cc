import JSON
import MCP
import Tester

/// One tool of the tester: how it is described and what it does.
struct TesterTool: Sendable {
    typealias Body = @Sendable (TesterSession, ToolInput, HostChannel) async throws(Failure) -> Report

    /// The tool as it is listed.
    let description: Tool
    private let body: Body

    /// Describes a tool.
    ///
    /// - Parameters:
    ///   - parameters: The properties of its arguments, each a JSON Schema.
    ///   - required: Those that must be given.
    ///   - reads: Whether calling it changes nothing, neither here nor at the target.
    init(
        _ name: String,
        title: String,
        _ description: String,
        parameters: JSONObject = [:],
        required: [String] = [],
        reads: Bool,
        body: @escaping Body
    ) {
        var schema: JSONObject = ["type": "object", "properties": .object(parameters)]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        schema["additionalProperties"] = false
        var tool = Tool(name: name, description: description, inputSchema: schema)
        tool.title = title
        tool.annotations = ToolAnnotations(json: ["title": .string(title), "readOnlyHint": .bool(reads)])
        self.description = tool
        self.body = body
    }

    /// Runs the tool; a question that makes no sense becomes an answer that says so.
    func run(in session: TesterSession, _ input: ToolInput, _ host: HostChannel) async -> Report {
        do throws(Failure) {
            return try await body(session, input, host)
        } catch {
            var report = Report(error)
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
    }

    /// All tools, in the order in which they are listed.
    static func all(servedOver transport: String) -> [TesterTool] {
        [
            .connectToServer, .disconnect, .getConnectionStatus, .listTools, .callTool, .listResources, .readResource,
            .listPrompts, .getPrompt, .respond, .task, .getEvents, .subscribe, .unsubscribe, .setLogLevel,
            .healthCheck(servedOver: transport), .ping, .echo, .add,
        ]
    }
}

// MARK: - Parameters that several tools have

extension TesterTool {
    /// A parameter that may be left out or be null.
    static func optional(_ type: String, _ description: String) -> JSONValue {
        ["type": [.string(type), "null"], "description": .string(description)]
    }

    static func required(_ type: String, _ description: String) -> JSONValue {
        ["type": .string(type), "description": .string(description)]
    }

    static let connectionName = optional(
        "string",
        "Name or connection_id of the connection to use; the one made last in this session if left out."
    )

    static let headers: JSONValue = [
        "type": ["object", "null"], "additionalProperties": ["type": "string"],
        "description":
            "HTTP headers for this one request, also wrong ones in place of the protocol's own. Never shown again.",
    ]

    static let preparedAnswers: JSONValue = [
        "type": ["array", "null"], "items": ["type": "object"],
        "description": .string(
            "Answers for what the server may ask, looked through in order, each used once: as in respond, with an optional "
                + "match: {kind, key, message_contains, fields}. What nothing matches is asked."
        ),
    ]

    static let timeout: JSONValue = [
        "type": ["number", "null"],
        "exclusiveMinimum": 0,
        "description": "Seconds to wait for the answer; 60 without a sign of progress, 600 in all, if left out.",
    ]
}
