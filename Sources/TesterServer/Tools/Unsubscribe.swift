import JSON
import Tester

extension TesterTool {
    static let unsubscribe = TesterTool(
        "unsubscribe",
        title: "Unsubscribe",
        "End subscriptions of the connected server.",
        parameters: [
            "number": optional("integer", "The number that subscribe told; all subscriptions if left out."),
            "connection_name": connectionName,
        ],
        reads: false
    ) { (session, input, _) throws(Failure) in
        await session.unsubscribe(input.int("number"), on: input.string("connection_name"))
    }
}
