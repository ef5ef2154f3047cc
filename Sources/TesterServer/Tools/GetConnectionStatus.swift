import JSON
import Tester

extension TesterTool {
    static let getConnectionStatus = TesterTool(
        "get_connection_status",
        title: "Connection status",
        "Tell whether the server is connected and alive, what was done on the connection, and what it wrote to standard error.",
        parameters: ["connection_name": connectionName],
        reads: true
    ) { (session, input, _) throws(Failure) in
        session.status(input.string("connection_name"))
    }
}
