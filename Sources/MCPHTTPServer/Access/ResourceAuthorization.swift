public import MCPTransport

/// How a server verifies access tokens, and what its challenges name.
///
/// Source: 2026-07-28, "Authorization", "Protected Resource Metadata Discovery" and "Error Handling"; RFC 6750, section 3;
/// RFC 9728, section 5.1.
public struct ResourceAuthorization: Sendable {
    /// Verifies tokens.
    public var verifier: any TokenVerifier
    /// The URL of the protected resource metadata; nil if there is none.
    public var metadataURL: String?
    /// The scopes that every request needs.
    public var requiredScopes: [String]

    /// Creates an authorization.
    public init(verifier: any TokenVerifier, metadataURL: String? = nil, requiredScopes: [String] = []) {
        self.verifier = verifier
        self.metadataURL = metadataURL
        self.requiredScopes = requiredScopes
    }

    /// The challenge of a response.
    ///
    /// - Parameters:
    ///   - error: The error code; nil if no token was given.
    ///   - description: Why the token was not accepted.
    ///   - scopes: The scopes that the request needs.
    func challenge(error: String? = nil, _ description: String? = nil, scopes: [String]) -> String {
        var parameters: [(String, String)] = []
        if let error { parameters.append(("error", error)) }
        if let description { parameters.append(("error_description", description)) }
        if let metadataURL { parameters.append(("resource_metadata", metadataURL)) }
        if !scopes.isEmpty { parameters.append(("scope", scopes.joined(separator: " "))) }
        guard !parameters.isEmpty else { return "Bearer" }
        return "Bearer " + parameters.map { "\($0)=\"\(Self.quoted($1))\"" }.joined(separator: ", ")
    }

    /// The value as it is written between quotes.
    private static func quoted(_ text: String) -> String {
        text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
            .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
    }
}
