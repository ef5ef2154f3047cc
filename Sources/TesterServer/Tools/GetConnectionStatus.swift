import JSON
import Tester

extension TesterTool {
    static let getConnectionStatus = TesterTool(
        "get_connection_status",
        title: "Connection status",
        "Show whether the server is connected and running, statistics of the connection, and the server's standard error. Also lists all other connections. Sends nothing to the server.",
        parameters: ["connection_name": connectionName],
        effect: .readsTester
    ) { (session, input, _) throws(Failure) in
        session.status(input.string("connection_name"))
    }
}
