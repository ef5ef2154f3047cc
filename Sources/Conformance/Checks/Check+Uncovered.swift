extension Check {
    /// The rules of the list that have no check, with the reasons.
    package static let uncovered: [(row: String, rule: String, reason: String)] = [
        (
            "S069", "A state handle of one connection works on another",
            "which results are handles is known to the server alone"
        ),
        (
            "S084", "A local server listens on the loopback interface only",
            "needs the addresses of this machine; `doctor` is the place"
        ),
        (
            "S119", "Quiet streams have comments that keep them open",
            "comments are not visible above the event stream, and waiting for one takes long"
        ),
        (
            "S144", "The first event of a stream has an ID and no data",
            "an event without data is not visible above the event stream"
        ),
        (
            "S145", "A server that closes a stream early has sent `retry`, and the rest can be fetched",
            "needs a tool that lets the server close its stream"
        ),
        (
            "S146", "A disconnected client does not cancel its call",
            "needs a tool with an effect that can be seen elsewhere"
        ),
        (
            "S152", "The old and the new transport are offered side by side",
            "the URL of the other transport is not known"
        ),
        ("S224", "Resources with https URLs can be fetched", "the checks send nothing to third parties"),
        ("S285", "What differs between users is not public", "needs two users"),
        (
            "S318", "A server that shuts down ends its subscriptions with a result",
            "the checks do not stop servers that they did not start"
        ),
        ("S355", "Tasks are bound to the user", "needs two users"),
        ("S370", "The token of another user does not reach a task", "needs two users"),
        ("S386", "A token for another audience gets HTTP 401", "needs a second token"),
        ("S388", "Too few scopes get HTTP 403 with the scopes that are needed", "needs a token with fewer scopes"),
        ("S389", "A challenge lists all scopes of the operation", "needs a token with fewer scopes"),
        ("S390", "A broader scope is accepted", "needs several tokens"),
        (
            "S394", "The authorization server rejects altered redirects and wrong verifiers",
            "needs a login; `auth login` shows its steps"
        ),
        ("S397", "Refresh tokens of public clients are rotated", "needs a login"),
        ("S398", "Without metadata, the endpoints are at their default paths", "needs a login"),
        ("S399", "Lists vary by scopes only", "needs several tokens"),
    ]
}
