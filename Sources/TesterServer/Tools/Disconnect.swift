import JSON
import Tester

extension TesterTool {
    static let disconnect = TesterTool(
        "disconnect",
        title: "Disconnect",
        "Close a connection, and end its server if it was started: end of input, SIGTERM, SIGKILL.",
        parameters: [
            "connection_name": connectionName,
            "all": parameter("boolean", "Close all connections of this session."),
        ],
        effect: .mayDestroy(isIdempotent: true),
        result: [.value("was_connected", "boolean")]
    ) { (session, input, _) throws(Failure) in
        await session.disconnect(input.string("connection_name"), all: input.bool("all"))
    }
}
