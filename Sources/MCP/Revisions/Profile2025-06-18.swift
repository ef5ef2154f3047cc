extension RevisionProfile {
    /// Elicitation, structured results, resource links, titles; no batches any more.
    static let profile2025_06_18 = profile2025_03_26.deriving(.v2025_06_18) { profile in
        profile.add(.structuredContent, .versionHeader, .titles, .completionContext, .metaKeyGrammar)
        profile.remove(.batching)

        profile.add(.elicitationCreate, going: .serverToClient, needing: .elicitation)
        profile.clientCapabilities.insert("elicitation")

        profile.contentKinds.insert(.resourceLink)
    }
}
