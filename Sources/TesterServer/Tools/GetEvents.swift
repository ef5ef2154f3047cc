import JSON
import JSONRPC
import MCP
import MCPClient
import Tester

extension TesterTool {
    static let getEvents = TesterTool(
        "get_events",
        title: "Get events",
        """
        Show what the server sent besides its responses: progress, logs, changes, tasks, standard error, input requests, \
        protocol faults. Results of calls already contain the newest.
        """,
        parameters: [
            "since": parameter("integer", "Show events after this number, such as the last `last_number`."),
            "kinds": [
                "type": "array",
                "items": ["type": "string", "enum": .array(EventLog.Kind.allCases.map { .string($0.rawValue) })],
                "description": "Default: all but `frame`.",
            ],
            "request": parameter("integer", "Show events of the request with this id."),
            "limit": [
                "type": "integer", "minimum": 1,
                "description": "Maximum number, oldest first (default: 100).",
            ],
            "log_level": choice(LogLevel.allCases.map(\.rawValue), "Set the server's minimum log level first."),
            "connection_name": connectionName,
        ],
        effect: .changes(isIdempotent: true),
        result: [.list("events"), .optional("last_number", "integer")]
    ) { (session, input, _) throws(Failure) in
        var query = TesterSession.EventQuery()
        query.since = input.int("since") ?? 0
        if input.isGiven("kinds") {
            query.kinds = Set(input.strings("kinds").compactMap(EventLog.Kind.init(rawValue:)))
        }
        query.request = input.int("request").map { .integer(Int64($0)) }
        query.limit = input.int("limit") ?? query.limit
        query.bytes = input.view(session.view).payloadBytes
        query.logLevel = input.string("log_level")
        return await session.events(query, on: input.string("connection_name"))
    }
}
