import JSON
import Tester

extension TesterTool {
    static let switchConnection = TesterTool(
        "switch_connection",
        title: "Switch connection",
        "Make a connection the current one, for calls without connection_name.",
        parameters: ["connection_name": connectionName],
        required: ["connection_name"],
        effect: .changes(isIdempotent: true),
        result: [.object("connection")]
    ) { (session, input, _) throws(Failure) in
        session.switchConnection(to: input.string("connection_name") ?? "")
    }
}
