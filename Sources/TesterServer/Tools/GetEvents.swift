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
        protocol faults. The result of a call already contains the newest ones. Works after the server has ended. With \
        log_level, first set the server's minimum log level.
        """,
        parameters: [
            "since": optional(
                "integer",
                "Return only events after this number (default: 0). Use `last_number` of the previous result to continue."
            ),
            "kinds": [
                "type": "array",
                "items": ["enum": .array(EventLog.Kind.allCases.map { .string($0.rawValue) })],
                "description": "Kinds of events (default: all but `frame`).",
            ],
            "request": optional("integer", "Return only events of the request with this id."),
            "limit": [
                "type": "integer", "minimum": 1,
                "description": "Maximum number of events, oldest first (default: 100).",
            ],
            "log_level": [
                "enum": .array(LogLevel.allCases.map { .string($0.rawValue) }), "type": "string",
                "description": "Minimum level of log messages from now on (default: unchanged).",
            ],
            "connection_name": connectionName,
        ],
        effect: .changes(isIdempotent: true)
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
