public import MCP

/// What the specification says about one step of an authorization.
///
/// The table holds every rule that ``AuthStep`` refers to.
public enum AuthRule: String, Sendable, Hashable, CaseIterable {
    case challenge
    case challengeMetadata
    case resourceMetadata
    case resourceMatch
    case serverMetadata
    case issuerMatch
    case secureEndpoints
    case addresses
    case proofKey
    case registrationOrder
    case clientMetadataDocument
    case dynamicRegistration
    case applicationType
    case issuerBinding
    case scopeChoice
    case stepUp
    case state
    case responseIssuer
    case resourceParameter
    case authorizationRequest
    case tokenRequest
    case refresh
    case clientCredentials
    case deviceGrant
    case legacyDefaults
    case assertion
    case tokenExchange
    case possession
    case everyRequest
    case invalidToken
    case challengeScope
    case insufficientScope
    case offlineAccess
    case endpoints
    case codeGrant
    case supportedScopes
    case protectedResources
    case tokenError
    case crossOrigin
    case hostRequirement

    /// A row of the table.
    public struct Row: Sendable {
        /// The first revision with the rule.
        public var since: Revision
        /// The revision whose page is quoted.
        public var revision: Revision
        /// The page below the root of that revision, or the standard that MCP refers to.
        public var page: String
        /// The rule as a sentence.
        public var requirement: String
    }

    /// The revision and the page, such as `2026-07-28 basic/authorization/client-registration`.
    public var source: String { "\(row.revision.wireName) \(row.page)" }

    /// What the specification says.
    public var row: Row {
        switch self {
        case .challenge:
            Row(
                .v2025_06_18,
                Self.index,
                "A server answers a request without a valid token with 401 and WWW-Authenticate."
            )
        case .challengeMetadata:
            Row(.v2025_06_18, Self.discovery, "The client uses resource_metadata of the challenge if it is present.")
        case .resourceMetadata:
            Row(
                .v2025_11_25,
                Self.discovery,
                "Protected resource metadata is at the URL of the challenge, or at /.well-known/oauth-protected-resource"
                    + " with the path of the server, or without it. It names at least one authorization server."
            )
        case .resourceMatch:
            Row(.v2025_06_18, "RFC 9728, section 3.3", "The metadata's resource is the server that it was found for.")
        case .serverMetadata:
            Row(
                .v2025_11_25,
                Self.discovery,
                "The client tries RFC 8414 metadata, then OpenID Connect metadata, in a fixed order of URLs."
            )
        case .issuerMatch:
            Row(.v2026_07_28, Self.discovery, "The metadata's issuer is identical to the issuer that it was found for.")
        case .secureEndpoints:
            Row(.v2025_03_26, Self.security, "All endpoints of an authorization server use https.")
        case .addresses:
            Row(
                .v2025_11_25,
                "Security Best Practices, Server-Side Request Forgery",
                "A client does not request private addresses that a server names, or follow redirects to another origin."
            )
        case .proofKey:
            Row(
                .v2025_11_25,
                Self.security,
                "The client uses PKCE with S256, and refuses if code_challenge_methods_supported is missing."
            )
        case .registrationOrder:
            Row(
                .v2025_11_25,
                Self.registration,
                "The client uses a registered client, then a client ID metadata document, then dynamic registration,"
                    + " then asks the user."
            )
        case .clientMetadataDocument:
            Row(
                .v2025_11_25,
                Self.registration,
                "If client_id_metadata_document_supported is true, an https URL can be the client ID."
            )
        case .dynamicRegistration:
            Row(.v2025_03_26, Self.registration, "The client registers itself at registration_endpoint.")
        case .applicationType:
            Row(.v2026_07_28, Self.registration, "A registration request names its application_type.")
        case .issuerBinding:
            Row(
                .v2026_07_28,
                Self.registration,
                "Client credentials belong to one issuer. If the authorization server changes, the client registers again."
            )
        case .scopeChoice:
            Row(
                .v2025_11_25,
                Self.index,
                "The client requests the scope of the challenge, or else scopes_supported, or else no scope."
            )
        case .stepUp:
            Row(
                .v2025_11_25,
                Self.index,
                "After 403 with insufficient_scope, the client authorizes again, with the scopes requested before and the"
                    + " new ones, and limits its attempts."
            )
        case .state:
            Row(.v2025_06_18, Self.security, "The client sends state and rejects a callback with another one.")
        case .responseIssuer:
            Row(
                .v2026_07_28,
                Self.index,
                "The client compares iss of the callback with the issuer, and requires it if the server announces it."
            )
        case .resourceParameter:
            Row(.v2025_06_18, Self.index, "Authorization and token requests carry the same resource parameter.")
        case .authorizationRequest:
            Row(
                .v2025_03_26,
                "RFC 6749, section 4.1.2.1",
                "The authorization server redirects back with error, unless client ID or redirect URI are invalid: then it"
                    + " informs the user."
            )
        case .tokenRequest:
            Row(.v2025_03_26, Self.index, "The client exchanges its grant for a bearer token at token_endpoint.")
        case .refresh:
            Row(.v2025_06_18, Self.security, "Authorization servers rotate the refresh tokens of public clients.")
        case .clientCredentials:
            Row(
                .v2025_11_25,
                "extension oauth-client-credentials",
                "A client authenticates with private_key_jwt or its secret, and registers nothing."
            )
        case .deviceGrant:
            Row(.v2025_03_26, "RFC 8628", "The user agrees on another device, and the client polls token_endpoint.")
        case .legacyDefaults:
            Row(
                .v2025_03_26,
                revision: .v2025_03_26,
                "basic/authorization",
                "Without metadata, the endpoints are /authorize, /token and /register at the server's origin."
            )
        case .assertion:
            Row(
                .v2025_11_25,
                "RFC 7523, section 2.1",
                "A JWT of a trusted issuer for this authorization server is exchanged for a token."
            )
        case .tokenExchange:
            Row(
                .v2025_11_25,
                "extension enterprise-managed-authorization",
                "The identity provider exchanges the sign-on for a grant that names the authorization server and the resource."
            )
        case .possession:
            Row(
                .v2025_11_25,
                "RFC 9449",
                "A token is bound to a key of the client, which proves with each request that it has the key (DPoP)."
            )
        case .everyRequest:
            Row(.v2025_03_26, Self.index, "A protected server demands the token in every request, whatever its method.")
        case .invalidToken:
            Row(.v2025_03_26, Self.index, "A server answers an invalid or expired token with 401.")
        case .challengeScope:
            Row(.v2025_11_25, Self.index, "A challenge names the scopes that the request needs.")
        case .insufficientScope:
            Row(
                .v2025_11_25,
                Self.index,
                "A server answers a token with too few scopes with 403, insufficient_scope and the scopes that it needs."
            )
        case .offlineAccess:
            Row(
                .v2026_07_28,
                Self.index,
                "A server names offline_access neither in a challenge nor in scopes_supported: it is for the client to add."
            )
        case .endpoints:
            Row(
                .v2025_03_26,
                "RFC 8414, section 2",
                "The metadata names issuer, authorization_endpoint and token_endpoint."
            )
        case .codeGrant:
            Row(
                .v2025_03_26,
                "RFC 8414, section 2",
                "The metadata lists the response type code and the grant type authorization_code."
            )
        case .supportedScopes:
            Row(
                .v2025_11_25,
                "RFC 8414, section 2",
                "scopes_supported of the authorization server lists the scopes that a client can request."
            )
        case .protectedResources:
            Row(
                .v2025_06_18,
                "RFC 9728, section 4",
                "protected_resources lists the resources that the authorization server issues tokens for."
            )
        case .tokenError:
            Row(
                .v2025_03_26,
                "RFC 6749, section 5.2",
                "The token endpoint answers a request that it refuses with 400 or 401 and a JSON object with error."
            )
        case .crossOrigin:
            Row(
                .v2025_03_26,
                "Fetch Standard, CORS protocol",
                "A client in a browser can use an endpoint only if it answers OPTIONS and allows the client's origin."
            )
        case .hostRequirement:
            Row(.v2025_03_26, "the host's documentation", "The host documents that it needs this.")
        }
    }

    private static let index = "basic/authorization"
    private static let discovery = "basic/authorization/authorization-server-discovery"
    private static let registration = "basic/authorization/client-registration"
    private static let security = "basic/authorization/security-considerations"
}

extension AuthRule.Row {
    fileprivate init(
        _ since: Revision,
        revision: Revision = .latest,
        _ page: String,
        _ requirement: String
    ) {
        self.since = since
        self.revision = revision
        self.page = page
        self.requirement = requirement
    }
}
