import JSON
import Tester

extension TesterTool {
    static let subscribe = TesterTool(
        "subscribe",
        title: "Subscribe",
        """
        Ask the connected server to tell about changes, in the way of its protocol revision (resources/subscribe, or \
        subscriptions/listen). What it tells stands in the answers that follow, and in get_events.
        """,
        parameters: [
            "uris": [
                "type": ["array", "null"], "items": ["type": "string"],
                "description": "URIs of resources whose changes are wanted.",
            ],
            "lists": optional("boolean", "Changes of the lists of tools, prompts and resources are wanted."),
            "connection_name": connectionName,
        ],
        reads: false
    ) { (session, input, _) throws(Failure) in
        await session.subscribe(
            toResources: input.strings("uris"),
            lists: input.bool("lists"),
            on: input.string("connection_name")
        )
    }
}
