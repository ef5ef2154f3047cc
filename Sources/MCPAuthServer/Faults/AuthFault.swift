import MCPAuth
public import MCPHTTPServer

/// A fault in authorization that the demo server can simulate, to show how the doctor and the audit report it.
public enum AuthFault: String, CaseIterable, Hashable, Sendable {
    // MARK: Metadata

    /// The server publishes no protected resource metadata.
    case noResourceMetadata = "no-resource-metadata"
    /// The metadata is for another resource.
    case otherResource = "other-resource"
    /// The resource in the metadata has a slash at its end.
    case trailingSlash = "trailing-slash"
    /// The resource in the metadata has another path.
    case resourcePath = "resource-path"
    /// The metadata is only below the path of the endpoint.
    case misplacedMetadata = "misplaced-metadata"
    /// The authorization server has no metadata.
    case noServerMetadata = "no-server-metadata"
    /// The metadata of the authorization server names another issuer.
    case wrongIssuer = "wrong-issuer"
    /// The authorization server supports only plain PKCE.
    case noS256 = "no-s256"
    /// A client cannot register.
    case noRegistration = "no-registration"
    /// Web pages may not read the metadata.
    case noCORS = "no-cors"
    /// The resource names scopes that the authorization server does not have.
    case unknownScopes = "unknown-scopes"

    // MARK: Challenges

    /// The response 401 has no challenge.
    case noChallenge = "no-challenge"
    /// The challenge is malformed.
    case malformedChallenge = "malformed-challenge"
    /// The response 403 names neither error nor scope.
    case forbiddenWithoutScope = "forbidden-without-scope"

    // MARK: Tokens

    /// A request without a token is served.
    case acceptsNoToken = "accepts-no-token"
    /// An expired token is accepted.
    case acceptsExpired = "accepts-expired"
    /// A token is accepted before it is valid.
    case acceptsNotYetValid = "accepts-not-yet-valid"
    /// A token for another resource is accepted.
    case acceptsWrongAudience = "accepts-wrong-audience"
    /// A token of another issuer is accepted.
    case acceptsWrongIssuer = "accepts-wrong-issuer"
    /// A token without a signature is accepted.
    case acceptsUnsigned = "accepts-alg-none"
    /// The public key is taken for a shared secret.
    case acceptsKeyConfusion = "accepts-key-confusion"
    /// The signature is not verified.
    case acceptsChangedPayload = "accepts-changed-payload"
    /// A token that an unknown key signed is accepted.
    case acceptsUnknownKey = "accepts-unknown-kid"
    /// A token without the needed scope is accepted.
    case acceptsMissingScope = "accepts-missing-scope"
    /// A token in the query is accepted.
    case acceptsQueryToken = "accepts-query-token"
    /// A session may be used with the token of another principal.
    case acceptsForeignSession = "accepts-foreign-session"
    /// The ID of a session is accepted instead of a token.
    case acceptsSessionWithoutToken = "accepts-session-without-token"
    /// A revoked token is accepted.
    case acceptsRevoked = "accepts-revoked"

    /// What the fault does, for the list of faults.
    public var help: String {
        switch self {
        case .noResourceMetadata: "publish no protected resource metadata"
        case .otherResource: "name another resource in the metadata"
        case .trailingSlash: "end the resource in the metadata with a slash"
        case .resourcePath: "name another path in the metadata"
        case .misplacedMetadata: "publish the metadata only below the path of the endpoint"
        case .noServerMetadata: "publish no metadata of the authorization server"
        case .wrongIssuer: "name another issuer in the metadata of the authorization server"
        case .noS256: "announce only plain PKCE"
        case .noRegistration: "let no client register"
        case .noCORS: "let no web page read the metadata"
        case .unknownScopes: "demand scopes that the authorization server does not have"
        case .noChallenge: "send 401 without WWW-Authenticate"
        case .malformedChallenge: "send a malformed WWW-Authenticate"
        case .forbiddenWithoutScope: "send 403 without error and scope"
        case .acceptsNoToken: "serve requests without a token"
        case .acceptsExpired: "accept expired tokens"
        case .acceptsNotYetValid: "accept tokens before they are valid"
        case .acceptsWrongAudience: "accept tokens for another resource"
        case .acceptsWrongIssuer: "accept tokens of another issuer"
        case .acceptsUnsigned: "accept tokens without a signature (alg none)"
        case .acceptsKeyConfusion: "accept HS256 with the public key as secret"
        case .acceptsChangedPayload: "verify no signature"
        case .acceptsUnknownKey: "accept tokens that an unknown key signed"
        case .acceptsMissingScope: "accept tokens without the needed scope"
        case .acceptsQueryToken: "accept a token in the query"
        case .acceptsForeignSession: "accept the token of another principal for a session"
        case .acceptsSessionWithoutToken: "accept the ID of a session instead of a token"
        case .acceptsRevoked: "accept revoked tokens"
        }
    }

    /// The check of a token that the server omits.
    var omittedCheck: TokenCheck? {
        switch self {
        case .acceptsExpired: .expiry
        case .acceptsNotYetValid: .notBefore
        case .acceptsWrongAudience: .audience
        case .acceptsWrongIssuer: .issuer
        case .acceptsUnsigned: .signed
        case .acceptsKeyConfusion: .asymmetric
        case .acceptsChangedPayload: .signature
        case .acceptsUnknownKey: .keyID
        case .acceptsMissingScope: .scope
        case .acceptsRevoked: .revocation
        default: nil
        }
    }

    /// Whether the fault is one of the authorization server, which the demo server has only with `--auth`.
    public var needsOwnIssuer: Bool {
        switch self {
        case .noServerMetadata, .wrongIssuer, .noS256, .noRegistration, .acceptsRevoked: true
        default: false
        }
    }
}

extension Set<AuthFault> {
    /// The faults that concern how the server reads requests and writes challenges.
    public var ofServer: Set<AuthorizationFault> {
        Set<AuthorizationFault>(compactMap { AuthorizationFault(rawValue: $0.rawValue) })
    }

    /// The checks of tokens that the server omits.
    var omittedChecks: Set<TokenCheck> { Set<TokenCheck>(compactMap(\.omittedCheck)) }
}
