import JSON
import Tester

extension TesterTool {
    static let getConnectionStatus = TesterTool(
        "get_connection_status",
        title: "Connection status",
        "Show whether the server is connected and running, statistics, and its standard error. Sends nothing.",
        parameters: ["connection_name": connectionName],
        effect: .readsTester,
        result: [.object("connection"), .optional("connected", "boolean")]
    ) { (session, input, _) throws(Failure) in
        session.status(input.string("connection_name"))
    }
}
