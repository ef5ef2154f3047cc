extension RevisionRow {
    /// Stateless: no handshake, no sessions, no requests from server to client.
    static let row2026_07_28 = row2025_11_25.deriving(.v2026_07_28) { row in
        row.add(.statelessEnvelope, .resultType, .inputRequired, .caching, .extensions, .routingHeaders)
        row.add(.requestLogLevel, .anyStructuredContent)
        row.remove(.initializeHandshake, .httpSessions, .pollingStreams, .sessionLogLevel, .tasks)

        // One request replaces `initialize`; each request's `_meta` carries the rest.
        row.remove(.initialize, .ping, .loggingSetLevel)
        row.remove(.initialized)
        row.add(.serverDiscover, going: .clientToServer)

        // One subscription replaces the single ones and the general notification stream.
        row.remove(.resourcesSubscribe, .resourcesUnsubscribe)
        row.add(.subscriptionsListen, going: .clientToServer)
        row.add(.subscriptionsAcknowledged, going: .serverToClient)

        // The server's requests became input requests inside results.
        row.add(.samplingCreateMessage, going: .inResult, needing: .sampling)
        row.add(.rootsList, going: .inResult, needing: .roots)
        row.add(.elicitationCreate, going: .inResult, needing: .elicitation)
        row.remove(.rootsListChanged, .elicitationComplete)
        row.add(NotificationName.progress, going: .serverToClient)

        // Tasks moved from the core protocol to an extension.
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
        row.errorMeanings[.headerMismatch] = "The HTTP headers contradict the message."
        row.errorMeanings[.missingRequiredClientCapability] =
            "The request needs a capability that the client did not declare."
        row.errorMeanings[.unsupportedProtocolVersion] =
            "The server does not support the protocol version of the request."

        row.pages[.lifecycle] = "server/discover"
        row.pages[.versioning] = "basic/versioning"
        row.pages[.transports] = "basic/transports/index"
        row.pages[.stdio] = "basic/transports/stdio"
        row.pages[.authorization] = "basic/authorization/index"
        row.pages[.streamableHTTP] = "basic/transports/streamable-http"
        row.pages[.progress] = "basic/patterns/progress"
        row.pages[.cancellation] = "basic/patterns/cancellation"
        row.pages[.inputRequired] = "basic/patterns/mrtr"
        row.pages[.subscriptions] = "basic/patterns/subscriptions"
        row.pages[.caching] = "server/utilities/caching"
        row.pages[.tasks] = "basic/versioning#extension-negotiation"
    }
}
