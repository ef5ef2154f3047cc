extension RevisionRow {
    /// Elicitation, structured results, resource links, titles; batches are removed.
    static let row2025_06_18 = row2025_03_26.deriving(.v2025_06_18) { row in
        row.add(.structuredContent, .versionHeader, .titles, .completionContext, .metaKeyGrammar)
        row.remove(.batching)

        row.add(.elicitationCreate, going: .serverToClient, needing: .elicitation)
        row.clientCapabilities.insert("elicitation")

        row.contentKinds.insert(.resourceLink)

        row.pages[.elicitation] = "client/elicitation"
    }
}
