import JSON
import Tester

extension TesterTool {
    static let switchConnection = TesterTool(
        "switch_connection",
        title: "Switch the connection",
        "Make a connection the current one, which calls without connection_name use.",
        parameters: ["connection_name": required("string", "Connection name.")],
        required: ["connection_name"],
        effect: .changes(isIdempotent: true)
    ) { (session, input, _) throws(Failure) in
        session.switchConnection(to: input.string("connection_name") ?? "")
    }
}
