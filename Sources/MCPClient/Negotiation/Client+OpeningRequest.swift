import JSON
public import MCP

extension Client {
    /// How the server's own words about itself break the schema of the revision.
    public var greetingProblems: [Problem] {
        let json = greeting.value().object ?? [:]
        return revision.era == .modern
            ? DiscoverResult(json: json).problems(in: revision) : InitializeResult(json: json).problems(in: revision)
    }
}
