import JSON
import Tester

extension TesterTool {
    static let subscribe = TesterTool(
        "subscribe",
        title: "Subscribe",
        """
        Subscribe to changes of resources, or of the lists of tools, prompts and resources. Uses resources/subscribe or \
        subscriptions/listen, depending on the protocol revision. Notifications appear in later results and in get_events.
        """,
        parameters: [
            "uris": [
                "type": ["array", "null"], "items": ["type": "string"],
                "description": "URIs of the resources to subscribe to.",
            ],
            "lists": optional(
                "boolean",
                "Subscribe to changes of the lists of tools, prompts and resources (default: false)."
            ),
            "connection_name": connectionName,
        ],
        effect: .changes(isIdempotent: false)
    ) { (session, input, _) throws(Failure) in
        await session.subscribe(
            toResources: input.strings("uris"),
            lists: input.bool("lists"),
            on: input.string("connection_name")
        )
    }
}
