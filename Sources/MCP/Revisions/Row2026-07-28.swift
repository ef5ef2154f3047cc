extension RevisionRow {
    /// Stateless: no handshake, no sessions, and no request from server to client.
    static let row2026_07_28 = row2025_11_25.deriving(.v2026_07_28) { row in
        row.add(.statelessEnvelope, .resultType, .inputRequired, .caching, .extensions, .routingHeaders)
        row.add(.requestLogLevel, .anyStructuredContent)
        row.remove(.initializeHandshake, .httpSessions, .pollingStreams, .sessionLogLevel, .tasks)

        // One request asks what `initialize` told; everything else stands in each request's `_meta`.
        row.remove(.initialize, .ping, .loggingSetLevel)
        row.remove(.initialized)
        row.add(.serverDiscover, going: .clientToServer)

        // A subscription replaces single ones and the stream that all notifications came on.
        row.remove(.resourcesSubscribe, .resourcesUnsubscribe)
        row.add(.subscriptionsListen, going: .clientToServer)
        row.add(.subscriptionsAcknowledged, going: .serverToClient)

        // The server's requests became questions inside results.
        row.add(.samplingCreateMessage, going: .inResult, needing: .sampling)
        row.add(.rootsList, going: .inResult, needing: .roots)
        row.add(.elicitationCreate, going: .inResult, needing: .elicitation)
        row.remove(.rootsListChanged, .elicitationComplete)
        row.add(NotificationName.progress, going: .serverToClient)

        // Tasks left the core for an extension.
        row.remove(.tasksResult, .tasksList)
        row.remove(.tasksStatus)
        row.add(.tasksGet, .tasksUpdate, .tasksCancel, going: .clientToServer, under: .tasks)
        row.add(NotificationName.tasks, going: .serverToClient, under: .tasks)
        row.clientCapabilities.remove("tasks")
        row.serverCapabilities.remove("tasks")
        row.clientCapabilities.insert("extensions")
        row.serverCapabilities.insert("extensions")

        row.errorMeanings[.resourceNotFound] = nil
        row.errorMeanings[.urlElicitationRequired] = nil
        row.errorMeanings[.userRejected] = nil
        row.errorMeanings[.headerMismatch] = "The HTTP headers and the message contradict each other."
        row.errorMeanings[.missingRequiredClientCapability] =
            "The request needs something that the client did not declare with it."
        row.errorMeanings[.unsupportedProtocolVersion] = "The server does not speak the version of the request."
    }
}
