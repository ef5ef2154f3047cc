import JSON
import Tester

extension TesterTool {
    static let disconnect = TesterTool(
        "disconnect",
        title: "Disconnect",
        "Close a connection. A server that the tester started is terminated: end of input, then SIGTERM, then SIGKILL.",
        parameters: [
            "connection_name": connectionName,
            "all": optional("boolean", "Close all connections of this session (default: false)."),
        ],
        effect: .mayDestroy(isIdempotent: true)
    ) { (session, input, _) throws(Failure) in
        await session.disconnect(input.string("connection_name"), all: input.bool("all"))
    }
}
