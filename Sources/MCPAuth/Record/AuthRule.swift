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
    case tokenRequest
    case refresh
    case clientCredentials
    case deviceGrant
    case legacyDefaults

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
                "A client does not request private addresses because a server names them."
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
