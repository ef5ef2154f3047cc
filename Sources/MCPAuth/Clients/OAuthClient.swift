/// A client of an authorization server and its credentials.
public struct OAuthClient: Sendable, Hashable {
    /// How a client came to be.
    public enum Source: String, Sendable, Hashable {
        /// The user gave it.
        case given
        /// Its ID is the URL of its metadata.
        case metadataDocument = "metadata_document"
        /// It registered itself.
        case registered
    }

    /// How a client authenticates at the token endpoint.
    ///
    /// Source: RFC 7591, section 2; OpenID Connect Core 1.0, section 9.
    public enum Authentication: String, Sendable, Hashable, CaseIterable {
        /// Not at all: a public client.
        case none
        /// The secret in the form.
        case post = "client_secret_post"
        /// The secret in the `Authorization` header.
        case basic = "client_secret_basic"
        /// A JWT that the client signs.
        case privateKeyJWT = "private_key_jwt"
    }

    /// The client ID.
    public var id: String
    /// The secret; nil for a public client.
    public var secret: String?
    /// The key that signs client assertions.
    public var key: SigningKey?
    /// How it must authenticate; nil to choose by the metadata.
    public var authentication: Authentication?
    /// The issuer that the credentials are for; nil if the user did not name one.
    public var issuer: String?
    /// How it came to be.
    public var source: Source

    /// Creates a client.
    public init(
        id: String,
        secret: String? = nil,
        key: SigningKey? = nil,
        authentication: Authentication? = nil,
        issuer: String? = nil,
        source: Source = .given
    ) {
        self.id = id
        self.secret = secret
        self.key = key
        self.authentication = authentication
        self.issuer = issuer
        self.source = source
    }

    /// How to authenticate at the token endpoint of a server.
    ///
    /// - Throws: ``AuthFailure`` if the client and the server have no method in common.
    func authentication(at server: ServerMetadata) throws(AuthFailure) -> Authentication {
        if let authentication { return authentication }
        let supported = server.tokenAuthMethods
        let usable: [Authentication]
        if key != nil {
            usable = [.privateKeyJWT]
        } else if secret != nil {
            usable = [.basic, .post]
        } else {
            usable = [.none]
        }
        // RFC 8414: without a list, the method is client_secret_basic. A public client has only one method.
        guard let supported, let preferred = usable.first else { return usable.first ?? .none }
        if let method = usable.first(where: { supported.contains($0.rawValue) }) { return method }
        // Servers for public clients often forget to list `none`, and a client without a secret has no alternative.
        if preferred == .none { return .none }
        throw AuthFailure(
            .noClientAuthentication,
            "the token endpoint of \(server.issuer) accepts \(supported.joined(separator: ", ")), but the client has "
                + (key == nil ? "a secret" : "a private key"),
            advice: "Give the client's credentials of one of these kinds."
        )
    }
}
