import JSON
import Tester

extension TesterTool {
    static let listConnections = TesterTool(
        "list_connections",
        title: "List connections",
        "List all connections of this session: name, server, state and statistics. Sends nothing to the servers.",
        effect: .readsTester
    ) { (session, _, _) throws(Failure) in
        session.listConnections()
    }
}
