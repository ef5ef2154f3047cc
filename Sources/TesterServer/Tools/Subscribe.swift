import JSON
import Tester

extension TesterTool {
    static let subscribe = TesterTool(
        "subscribe",
        title: "Subscribe",
        """
        Subscribe to changes of resources, or of the lists of tools, prompts and resources. Later results show them.
        """,
        parameters: [
            "uris": strings("URIs of resources."),
            "lists": parameter("boolean", "Subscribe to the lists."),
            "unsubscribe": parameter("boolean", "End subscriptions instead: that of `number`, else all."),
            "number": parameter("integer", "Number that subscribe returned."),
            "connection_name": connectionName,
        ],
        effect: .changes(isIdempotent: false),
        result: [.optional("subscription", "object", "null"), .optional("ended", "array")]
    ) { (session, input, _) throws(Failure) in
        if input.bool("unsubscribe") {
            return await session.unsubscribe(input.int("number"), on: input.string("connection_name"))
        }
        return await session.subscribe(
            toResources: input.strings("uris"),
            lists: input.bool("lists"),
            on: input.string("connection_name")
        )
    }
}
