import JSON
import Tester

extension TesterTool {
    static let unsubscribe = TesterTool(
        "unsubscribe",
        title: "Unsubscribe",
        "End one or all subscriptions of a connection.",
        parameters: [
            "number": optional("integer", "Number that subscribe returned (default: all subscriptions)."),
            "connection_name": connectionName,
        ],
        effect: .changes(isIdempotent: true)
    ) { (session, input, _) throws(Failure) in
        await session.unsubscribe(input.int("number"), on: input.string("connection_name"))
    }
}
