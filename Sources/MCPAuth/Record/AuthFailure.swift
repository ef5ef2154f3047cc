public import JSON

/// Why an authorization did not succeed.
public struct AuthFailure: Error, Sendable, CustomStringConvertible {
    /// The closed list of causes.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No metadata names an authorization server.
        case noResourceMetadata = "no_resource_metadata"
        /// The metadata is for another resource.
        case resourceMismatch = "resource_mismatch"
        /// No metadata of the authorization server is usable.
        case noServerMetadata = "no_server_metadata"
        /// The metadata is for another issuer.
        case issuerMismatch = "issuer_mismatch"
        /// The metadata lacks an endpoint that the grant needs, or it cannot be used.
        case missingEndpoint = "missing_endpoint"
        /// A URL leads to an address that is not allowed.
        case refusedAddress = "refused_address"
        /// The authorization server does not support PKCE with S256.
        case noProofKey = "no_proof_key"
        /// The authorization server accepts no proof of possession that this client can make.
        case noProof = "no_proof"
        /// The server does not register clients, so the user must give one.
        case needsClient = "needs_client"
        /// The given client belongs to another issuer.
        case clientOfOtherIssuer = "client_of_other_issuer"
        /// The registration was refused.
        case registrationRefused = "registration_refused"
        /// No authentication method of the token endpoint fits the client.
        case noClientAuthentication = "no_client_authentication"
        /// The private key cannot be used.
        case invalidKey = "invalid_key"
        /// The assertion of the workload cannot be read.
        case invalidAssertion = "invalid_assertion"
        /// The callback has another state, or no state.
        case stateMismatch = "state_mismatch"
        /// The callback's issuer is missing or another one.
        case responseIssuerMismatch = "response_issuer_mismatch"
        /// The callback cannot be read.
        case malformedCallback = "malformed_callback"
        /// The user or the authorization server refused.
        case denied
        /// The user did not agree in time.
        case consentTimeout = "consent_timeout"
        /// The token endpoint refused the grant.
        case tokenRefused = "token_refused"
        /// A response is not what the standard defines, such as a web page.
        case malformedResponse = "malformed_response"
        /// A request was not delivered.
        case unreachable
        /// The server still demands scopes after the allowed number of authorizations.
        case scopeLimit = "scope_limit"
        /// The redirect listener cannot listen.
        case listener
        /// The token store cannot be used.
        case store
        /// The calling task was cancelled.
        case cancelled
    }

    /// The cause.
    public var kind: Kind
    /// What happened, where, and what was expected, as a clause that starts in lower case; without secrets.
    public var message: String
    /// What to do; nil if there is nothing in particular.
    public var advice: String?
    /// The rule that was broken; nil if it is not about a rule.
    public var rule: AuthRule?
    /// The `error` code of the authorization server.
    public var code: String?

    package init(
        _ kind: Kind,
        _ message: String,
        advice: String? = nil,
        rule: AuthRule? = nil,
        code: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.advice = advice
        self.rule = rule
        self.code = code
    }

    /// The failure as a report shows it.
    public var json: JSONObject {
        var object: JSONObject = ["kind": .string(kind.rawValue), "message": .string(message)]
        if let code { object["error"] = .string(code) }
        if let advice { object["advice"] = .string(advice) }
        if let rule {
            object["rule"] = .string(rule.row.requirement)
            object["source"] = .string(rule.source)
        }
        return object
    }

    /// What happened.
    public var description: String { message }
}
