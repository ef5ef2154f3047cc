import JSON
import Tester

extension TesterTool {
    static let listConnections = TesterTool(
        "list_connections",
        title: "List connections",
        "List all connections: name, server, state and statistics.",
        effect: .readsTester,
        result: [.list("connections")]
    ) { (session, _, _) throws(Failure) in
        session.listConnections()
    }
}
