extension RevisionProfile {
    /// The first revision.
    static let profile2024_11_05: RevisionProfile = {
        var profile = RevisionProfile(revision: .v2024_11_05)

        profile.add(.initialize, going: .clientToServer)
        profile.add(.ping, going: .clientToServer, .serverToClient)
        profile.add(.toolsList, .toolsCall, going: .clientToServer, needing: .tools)
        profile.add(
            .resourcesList,
            .resourcesTemplatesList,
            .resourcesRead,
            going: .clientToServer,
            needing: .resources
        )
        profile.add(.resourcesSubscribe, .resourcesUnsubscribe, going: .clientToServer, needing: .resourcesSubscribe)
        profile.add(.promptsList, .promptsGet, going: .clientToServer, needing: .prompts)
        profile.add(.completionComplete, going: .clientToServer)
        profile.add(.loggingSetLevel, going: .clientToServer, needing: .logging)
        profile.add(.samplingCreateMessage, going: .serverToClient, needing: .sampling)
        profile.add(.rootsList, going: .serverToClient, needing: .roots)

        profile.add(NotificationName.initialized, going: .clientToServer)
        profile.add(NotificationName.cancelled, .progress, going: .clientToServer, .serverToClient)
        profile.add(.message, going: .serverToClient, needing: .logging)
        profile.add(.toolsListChanged, going: .serverToClient, needing: .toolsListChanged)
        profile.add(.promptsListChanged, going: .serverToClient, needing: .promptsListChanged)
        profile.add(.resourcesListChanged, going: .serverToClient, needing: .resourcesListChanged)
        profile.add(.resourcesUpdated, going: .serverToClient, needing: .resourcesSubscribe)
        profile.add(.rootsListChanged, going: .clientToServer, needing: .rootsListChanged)

        profile.clientCapabilities = ["experimental", "roots", "sampling"]
        profile.serverCapabilities = ["experimental", "logging", "prompts", "resources", "tools"]
        profile.contentKinds = [.text, .image, .resource]
        profile.samplingContentKinds = [.text, .image]
        profile.features = [.initializeHandshake, .twoEndpointHTTP, .sessionLogLevel]

        profile.errorMeanings = [
            .parseError: "The message was no JSON.",
            .invalidRequest: "The message was JSON but no request.",
            .methodNotFound: "The peer has no such method, or did not declare the capability for it.",
            .invalidParams: "The parameters do not fit: a name that does not exist, or a wrong or missing argument.",
            .internalError: "Something went wrong inside the peer.",
            .resourceNotFound: "There is no such resource.",
            .userRejected: "The user said no to a sampling request.",
        ]
        // The text names no dialect yet; what was written at the time, like the protocol’s own schema, is draft-07.
        profile.schemaDialect = "http://json-schema.org/draft-07/schema#"
        return profile
    }()
}
