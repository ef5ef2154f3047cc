import JSON
import Tester

extension TesterTool {
    static let subscribe = TesterTool(
        "subscribe",
        title: "Subscribe",
        """
        Subscribe to changes of resources, or of the lists of tools, prompts and resources. Notifications appear in later \
        results and in get_events. With unsubscribe, end subscriptions instead.
        """,
        parameters: [
            "uris": [
                "type": "array", "items": ["type": "string"],
                "description": "URIs of the resources to subscribe to.",
            ],
            "lists": optional(
                "boolean",
                "Subscribe to changes of the lists of tools, prompts and resources (default: false)."
            ),
            "unsubscribe": optional(
                "boolean",
                "End subscriptions instead: that of `number`, else all (default: false)."
            ),
            "number": optional("integer", "Number that subscribe returned; only with unsubscribe."),
            "connection_name": connectionName,
        ],
        effect: .changes(isIdempotent: false)
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
