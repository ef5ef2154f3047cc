extension RevisionProfile {
    /// Stateless: no handshake, no sessions, and no request from server to client.
    static let profile2026_07_28 = profile2025_11_25.deriving(.v2026_07_28) { profile in
        profile.add(.statelessEnvelope, .resultType, .inputRequired, .caching, .extensions, .routingHeaders)
        profile.add(.requestLogLevel, .anyStructuredContent)
        profile.remove(.initializeHandshake, .httpSessions, .sessionLogLevel, .tasks)

        // One request asks what `initialize` told; everything else stands in each request's `_meta`.
        profile.remove(.initialize, .ping, .loggingSetLevel)
        profile.remove(.initialized)
        profile.add(.serverDiscover, going: .clientToServer)

        // A subscription replaces single ones and the stream that all notifications came on.
        profile.remove(.resourcesSubscribe, .resourcesUnsubscribe)
        profile.add(.subscriptionsListen, going: .clientToServer)
        profile.add(.subscriptionsAcknowledged, going: .serverToClient)

        // The server's requests became questions inside results.
        profile.add(.samplingCreateMessage, going: .inResult, needing: .sampling)
        profile.add(.rootsList, going: .inResult, needing: .roots)
        profile.add(.elicitationCreate, going: .inResult, needing: .elicitation)
        profile.remove(.rootsListChanged, .elicitationComplete)
        profile.add(NotificationName.progress, going: .serverToClient)

        // Tasks left the core for an extension.
        profile.remove(.tasksResult, .tasksList)
        profile.remove(.tasksStatus)
        profile.add(.tasksGet, .tasksUpdate, .tasksCancel, going: .clientToServer, under: .tasks)
        profile.add(NotificationName.tasks, going: .serverToClient, under: .tasks)
        profile.clientCapabilities.remove("tasks")
        profile.serverCapabilities.remove("tasks")
        profile.clientCapabilities.insert("extensions")
        profile.serverCapabilities.insert("extensions")

        profile.errorMeanings[.resourceNotFound] = nil
        profile.errorMeanings[.urlElicitationRequired] = nil
        profile.errorMeanings[.userRejected] = nil
        profile.errorMeanings[.headerMismatch] = "The HTTP headers and the message contradict each other."
        profile.errorMeanings[.missingRequiredClientCapability] =
            "The request needs something that the client did not declare with it."
        profile.errorMeanings[.unsupportedProtocolVersion] = "The server does not speak the version of the request."
    }
}
