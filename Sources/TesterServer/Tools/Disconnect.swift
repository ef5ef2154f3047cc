import JSON
import Tester

extension TesterTool {
    static let disconnect = TesterTool(
        "disconnect",
        title: "Disconnect",
        "End the current connection and its server: standard input is closed, then SIGTERM, then SIGKILL.",
        parameters: [
            "connection_name": connectionName,
            "all": optional("boolean", "End all connections."),
        ],
        reads: false
    ) { (session, input, _) throws(Failure) in
        await session.disconnect(input.string("connection_name"), all: input.bool("all"))
    }
}
