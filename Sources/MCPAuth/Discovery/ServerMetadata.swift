public import JSON
import MCPHTTP

/// The metadata of an authorization server.
///
/// Source: RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3.
public struct ServerMetadata: Sendable {
    /// The document as received; empty for the default endpoints of the 2025-03-26 revision.
    public let json: JSONObject
    /// The issuer, verbatim.
    public let issuer: String
    /// Whether the endpoints are the default ones of the 2025-03-26 revision.
    public let isDefault: Bool

    /// Metadata of a document.
    init(_ json: JSONObject, issuer: String) {
        self.json = json
        self.issuer = issuer
        isDefault = false
    }

    /// The endpoints that the 2025-03-26 revision defines for servers without metadata.
    init(defaultsOf server: HTTPURL) {
        let url = { (path: String) in JSONValue.string(WellKnown.at(path, server).requestText) }
        json = [
            "authorization_endpoint": url("/authorize"), "token_endpoint": url("/token"),
            "registration_endpoint": url("/register"), "code_challenge_methods_supported": ["S256"],
        ]
        issuer = server.origin
        isDefault = true
    }

    /// The endpoints that a client uses.
    enum Endpoint: String, Sendable, CaseIterable {
        case authorization = "authorization_endpoint"
        case token = "token_endpoint"
        case registration = "registration_endpoint"
        case deviceAuthorization = "device_authorization_endpoint"
    }

    /// The URL of an endpoint; nil if the document does not name it.
    ///
    /// - Throws: ``AuthFailure`` if the URL cannot be used.
    func url(of endpoint: Endpoint, allowedBy policy: AddressPolicy) throws(AuthFailure) -> HTTPURL? {
        guard let value = json[endpoint.rawValue], !value.isNull else { return nil }
        guard let text = value.string else {
            throw AuthFailure(.missingEndpoint, "\(endpoint.rawValue) of \(issuer) is not a string")
        }
        let url: HTTPURL
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(text)
        } catch {
            throw AuthFailure(
                .missingEndpoint,
                "\(endpoint.rawValue) of \(issuer) cannot be used: the URL \(error)",
                advice: "Let the authorization server name an https URL.",
                rule: .secureEndpoints
            )
        }
        if let refusal = policy.refusal(of: url) {
            throw AuthFailure(
                .refusedAddress,
                "\(endpoint.rawValue) of \(issuer) cannot be used: \(refusal.message)",
                advice: refusal.advice,
                rule: url.isSecure ? .addresses : .secureEndpoints
            )
        }
        return url
    }

    /// The URL of an endpoint that a grant needs.
    ///
    /// - Throws: ``AuthFailure`` if it is missing or cannot be used.
    func requiredURL(of endpoint: Endpoint, allowedBy policy: AddressPolicy) throws(AuthFailure) -> HTTPURL {
        if let url = try url(of: endpoint, allowedBy: policy) { return url }
        throw AuthFailure(
            .missingEndpoint,
            "the metadata of \(issuer) has no \(endpoint.rawValue)",
            advice: endpoint == .deviceAuthorization
                ? "The authorization server does not support the device grant; use another grant."
                : "Let the authorization server publish it."
        )
    }

    private func strings(_ name: String) -> [String]? { json[name]?.array?.compactMap(\.string) }

    /// The scopes; nil if the document names none.
    public var scopesSupported: ScopeSet? { strings("scopes_supported").map { ScopeSet($0) } }

    /// The PKCE methods; nil if the document names none.
    public var codeChallengeMethods: [String]? { strings("code_challenge_methods_supported") }

    /// The authentication methods of the token endpoint; nil if the document names none.
    public var tokenAuthMethods: [String]? { strings("token_endpoint_auth_methods_supported") }

    /// The grant types; nil if the document names none.
    public var grantTypes: [String]? { strings("grant_types_supported") }

    /// The signing algorithms of client assertions; nil if the document names none.
    public var assertionAlgorithms: [String]? { strings("token_endpoint_auth_signing_alg_values_supported") }

    /// The signing algorithms of proofs of possession; nil if the document names none.
    public var possessionAlgorithms: [String]? { strings("dpop_signing_alg_values_supported") }

    /// Whether a URL can be the client ID.
    public var supportsClientMetadataDocuments: Bool { json["client_id_metadata_document_supported"]?.bool == true }

    /// Whether the callback must have `iss`.
    public var announcesResponseIssuer: Bool {
        json["authorization_response_iss_parameter_supported"]?.bool == true
    }
}
