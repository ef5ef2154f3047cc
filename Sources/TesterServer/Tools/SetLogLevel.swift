import JSON
import MCP
import Tester

extension TesterTool {
    static let setLogLevel = TesterTool(
        "set_log_level",
        title: "Set the log level",
        "Set the server's minimum log level. Applies to the session, or to each later request if the server is stateless.",
        parameters: [
            "level": [
                "enum": .array(LogLevel.allCases.map { .string($0.rawValue) }), "type": "string",
                "description": "Minimum level.",
            ],
            "connection_name": connectionName,
        ],
        required: ["level"],
        effect: .changes(isIdempotent: true)
    ) { (session, input, _) throws(Failure) in
        await session.setLogLevel(input.string("level") ?? "", on: input.string("connection_name"))
    }
}
