import JSON
import MCP
import Tester

extension TesterTool {
    static let setLogLevel = TesterTool(
        "set_log_level",
        title: "Set the log level",
        "Set from which level on the connected server logs: for its session, or with each later request where it has none.",
        parameters: [
            "level": [
                "enum": .array(LogLevel.allCases.map { .string($0.rawValue) }), "type": "string",
                "description": "The lowest level that is wanted.",
            ],
            "connection_name": connectionName,
        ],
        required: ["level"],
        reads: false
    ) { (session, input, _) throws(Failure) in
        await session.setLogLevel(input.string("level") ?? "", on: input.string("connection_name"))
    }
}
