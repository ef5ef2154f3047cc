import JSON
import JSONRPC
import MCPClient
import Tester

extension TesterTool {
    static let getEvents = TesterTool(
        "get_events",
        title: "Read events",
        """
        Show what the connected server told beside its answers, in order, with numbers and times: progress, log messages, \
        changes, tasks, its standard error, its questions, and what was odd. Results of calls hold the newest already; this \
        has the rest. Nothing is asked of the server.
        """,
        parameters: [
            "since": optional(
                "integer",
                "Only events after this number; last_number of the answer goes on from there."
            ),
            "kinds": [
                "type": ["array", "null"],
                "items": ["enum": .array(EventLog.Kind.allCases.map { .string($0.rawValue) })],
                "description": "Only these kinds; all but frame if left out.",
            ],
            "request": optional("integer", "Only events of the request with this id."),
            "limit": [
                "type": ["integer", "null"], "minimum": 1,
                "description": "How many at most, oldest first; 100 if left out.",
            ],
            "connection_name": connectionName,
        ],
        reads: true
    ) { (session, input, _) throws(Failure) in
        var query = TesterSession.EventQuery()
        query.since = input.int("since") ?? 0
        if input.isGiven("kinds") {
            query.kinds = Set(input.strings("kinds").compactMap(EventLog.Kind.init(rawValue:)))
        }
        query.request = input.int("request").map { .integer(Int64($0)) }
        query.limit = input.int("limit") ?? query.limit
        return await session.events(query, on: input.string("connection_name"))
    }
}
