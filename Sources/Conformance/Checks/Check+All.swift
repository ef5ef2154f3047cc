extension Check {
    /// The groups, in the order of the list in `Documentation/Checks.md`.
    package static let groups: [(name: String, checks: [Check])] = [
        ("JSON-RPC", jsonRPC),
        ("Lifecycle of the legacy era", legacyLifecycle),
        ("Lifecycle of the stateless era", statelessLifecycle),
        (
            "Streamable HTTP in the stateless era",
            statelessRequests + requestHeaders + parameterHeaders + statelessStreams
        ),
        ("Streamable HTTP in the legacy era, HTTP+SSE", legacyRequests + legacyStreams),
        ("stdio", stdio),
        ("Tools", toolDefinitions + toolCalls + toolListChanges),
        ("Resources", resources),
        ("Prompts", prompts),
        ("Completion", completion),
        ("Pagination, progress, cancellation", pages + progress),
        ("Logging", logging),
        ("Caching", caching),
        ("Results that request input", inputRequired),
        ("Subscriptions", subscriptions),
        ("Requests of the server", serverRequests),
        ("Tasks", legacyTasks + taskExtension),
        ("Authorization", authorization),
        ("Advice", advice),
    ]

    /// All checks.
    package static let all: [Check] = groups.flatMap(\.checks)
}
