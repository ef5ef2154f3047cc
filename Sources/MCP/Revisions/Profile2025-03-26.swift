extension RevisionProfile {
    /// Streamable HTTP in place of two endpoints, batches, tool annotations, audio.
    static let profile2025_03_26 = profile2024_11_05.deriving(.v2025_03_26) { profile in
        profile.add(.batching, .streamableHTTP, .httpSessions, .toolAnnotations, .progressMessage)
        profile.remove(.twoEndpointHTTP)

        profile.add(.completionComplete, going: .clientToServer, needing: .completions)
        profile.serverCapabilities.insert("completions")

        profile.contentKinds.insert(.audio)
        profile.samplingContentKinds.insert(.audio)
    }
}
