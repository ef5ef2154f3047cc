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
            .parseError: "The message was no JSON.",
            .invalidRequest: "The message was JSON but no request.",
            .methodNotFound: "The peer has no such method, or did not declare the capability for it.",
            .invalidParams: "The parameters do not fit: a name that does not exist, or a wrong or missing argument.",
            .internalError: "Something went wrong inside the peer.",
            .resourceNotFound: "There is no such resource.",
            .userRejected: "The user said no to a sampling request.",
        ]
        // The text names no dialect yet; what was written at the time, like the protocol’s own schema, is draft-07.
        row.schemaDialect = "http://json-schema.org/draft-07/schema#"
        return row
    }()
}
