extension RevisionRow {
    /// Streamable HTTP instead of HTTP+SSE, batches, tool annotations, audio.
    static let row2025_03_26 = row2024_11_05.deriving(.v2025_03_26) { row in
        row.add(.batching, .streamableHTTP, .httpSessions, .toolAnnotations, .progressMessage)
        row.remove(.twoEndpointHTTP)

        row.add(.completionComplete, going: .clientToServer, needing: .completions)
        row.serverCapabilities.insert("completions")

        row.contentKinds.insert(.audio)
        row.samplingContentKinds.insert(.audio)

        row.pages[.messages] = "basic/index"
        row.pages[.authorization] = "basic/authorization"
        row.pages[.streamableHTTP] = "basic/transports#streamable-http"
    }
}
