/// A wish to read a resource.
public struct ResourceRequest: Sendable {
    /// Its URI.
    public let uri: String
    /// What the URI has in the places of the template's variables, several values for a list.
    public let variables: [String: [String]]

    /// The value of a variable, the first of a list.
    public subscript(variable: String) -> String? {
        variables[variable]?.first
    }
}

/// There is no such resource.
///
/// Handlers throw it; it is put into the words of the client's revision. Source: "Resources", error handling, all revisions.
public struct ResourceNotFound: Error {
    /// What was looked for.
    public let uri: String

    /// Creates the error.
    public init(uri: String) {
        self.uri = uri
    }
}
