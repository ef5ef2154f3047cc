extension RevisionRow {
    /// The first revision.
    static let row2024_11_05: RevisionRow = {
        var row = RevisionRow(revision: .v2024_11_05)

        row.add(.initialize, going: .clientToServer)
        row.add(.ping, going: .clientToServer, .serverToClient)
        row.add(.toolsList, .toolsCall, going: .clientToServer, needing: .tools)
        row.add(
            .resourcesList,
            .resourcesTemplatesList,
            .resourcesRead,
            going: .clientToServer,
            needing: .resources
        )
        row.add(.resourcesSubscribe, .resourcesUnsubscribe, going: .clientToServer, needing: .resourcesSubscribe)
        row.add(.promptsList, .promptsGet, going: .clientToServer, needing: .prompts)
        row.add(.completionComplete, going: .clientToServer)
        row.add(.loggingSetLevel, going: .clientToServer, needing: .logging)
        row.add(.samplingCreateMessage, going: .serverToClient, needing: .sampling)
        row.add(.rootsList, going: .serverToClient, needing: .roots)

        row.add(NotificationName.initialized, going: .clientToServer)
        row.add(NotificationName.cancelled, .progress, going: .clientToServer, .serverToClient)
        row.add(.message, going: .serverToClient, needing: .logging)
        row.add(.toolsListChanged, going: .serverToClient, needing: .toolsListChanged)
        row.add(.promptsListChanged, going: .serverToClient, needing: .promptsListChanged)
        row.add(.resourcesListChanged, going: .serverToClient, needing: .resourcesListChanged)
        row.add(.resourcesUpdated, going: .serverToClient, needing: .resourcesSubscribe)
        row.add(.rootsListChanged, going: .clientToServer, needing: .rootsListChanged)

        row.clientCapabilities = ["experimental", "roots", "sampling"]
        row.serverCapabilities = ["experimental", "logging", "prompts", "resources", "tools"]
        row.contentKinds = [.text, .image, .resource]
        row.samplingContentKinds = [.text, .image]
        row.features = [.initializeHandshake, .twoEndpointHTTP, .sessionLogLevel]

        row.errorMeanings = [
            .parseError: "The message is not valid JSON.",
            .invalidRequest: "The message is not a valid JSON-RPC request.",
            .methodNotFound: "The peer does not have the method, or did not declare the capability for it.",
            .invalidParams: "The parameters are not valid: an unknown name, or a wrong or missing argument.",
            .internalError: "The peer failed internally.",
            .resourceNotFound: "The resource does not exist.",
            .userRejected: "The user rejected the sampling request.",
        ]
        // The specification names no dialect yet. The schemas of the time, including the protocol's own, are draft-07.
        row.schemaDialect = "http://json-schema.org/draft-07/schema#"
        row.pages = [
            .messages: "basic/messages", .lifecycle: "basic/lifecycle",
            .versioning: "basic/lifecycle#version-negotiation", .transports: "basic/transports",
            .stdio: "basic/transports#stdio", .tools: "server/tools", .resources: "server/resources",
            .prompts: "server/prompts", .completion: "server/utilities/completion",
            .sampling: "client/sampling", .roots: "client/roots", .pagination: "server/utilities/pagination",
            .progress: "basic/utilities/progress", .cancellation: "basic/utilities/cancellation",
            .logging: "server/utilities/logging",
        ]
        return row
    }()
}
