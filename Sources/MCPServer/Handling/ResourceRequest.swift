/// A request to read a resource.
public struct ResourceRequest: Sendable {
    /// The URI of the resource.
    public let uri: String
    /// The values of the template's variables; several for a list.
    public let variables: [String: [String]]

    /// The value of a variable; the first value of a list.
    public subscript(variable: String) -> String? {
        variables[variable]?.first
    }
}

/// The resource does not exist.
///
/// Thrown by handlers and converted to the error of the client's revision. Source: "Resources", error handling, all revisions.
public struct ResourceNotFound: Error {
    /// The requested URI.
    public let uri: String

    /// Creates the error.
    public init(uri: String) {
        self.uri = uri
    }
}
