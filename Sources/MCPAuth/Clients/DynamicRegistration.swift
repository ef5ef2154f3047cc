import JSON
import MCPHTTP

/// Registers a client, as a value: the owner sends ``next`` and passes the outcome to ``receive(_:)``.
///
/// A refusal that names the metadata leads to one more attempt with another authentication method or redirect URI.
///
/// Source: RFC 7591; 2026-07-28, "Client Registration", "Dynamic Client Registration".
struct DynamicRegistration: Sendable {
    private let endpoint: HTTPURL
    private let server: ServerMetadata
    private let grantTypes: [String]
    private let scopes: ScopeSet
    /// Whether the client uses only tokens that are bound to a key.
    private let isBound: Bool
    private let identity: Identity
    /// As whom the client registers.
    struct Identity: Sendable {
        var name = "mcp-test-mcp"
        /// Loopback redirects make it a native application.
        var applicationType = "native"
        /// Whether another redirect URI may be tried.
        var changesRedirectURI = true
    }

    /// The redirect URIs of the last request.
    private(set) var redirectURIs: [String]
    private var method: OAuthClient.Authentication
    private var attempts: [OAuthClient.Authentication] = []
    private var hasChangedRedirect = false
    /// The request to send; nil when the registration is over.
    private(set) var next: AuthRequest?
    /// The client.
    private(set) var client: OAuthClient?
    /// Why the registration failed; nil unless it did.
    private(set) var failure: AuthFailure?

    init(
        at endpoint: HTTPURL,
        of server: ServerMetadata,
        redirectURIs: [String],
        grantTypes: [String],
        scopes: ScopeSet,
        isBound: Bool = false,
        as identity: Identity = Identity()
    ) {
        self.endpoint = endpoint
        self.server = server
        self.redirectURIs = redirectURIs
        self.grantTypes = grantTypes
        self.scopes = scopes
        self.isBound = isBound
        self.identity = identity
        method = Self.preferredMethod(of: server)
        prepare()
    }

    /// A public client if the server supports that; RFC 8414 reads a missing list as client_secret_basic.
    private static func preferredMethod(of server: ServerMetadata) -> OAuthClient.Authentication {
        guard let supported = server.tokenAuthMethods else { return server.isDefault ? .none : .basic }
        return [.none, .basic, .post].first { supported.contains($0.rawValue) } ?? .none
    }

    private mutating func prepare() {
        attempts.append(method)
        var body: JSONObject = ["client_name": .string(identity.name)]
        if !redirectURIs.isEmpty { body["redirect_uris"] = .array(redirectURIs.map(JSONValue.string)) }
        body["grant_types"] = .array(grantTypes.map(JSONValue.string))
        if grantTypes.contains(GrantType.code) { body["response_types"] = ["code"] }
        body["token_endpoint_auth_method"] = .string(method.rawValue)
        body["application_type"] = .string(identity.applicationType)
        // RFC 9449, section 5.2.
        if isBound { body["dpop_bound_access_tokens"] = true }
        if !scopes.isEmpty { body["scope"] = .string(scopes.description) }
        next = AuthRequest.json(body, to: endpoint)
    }

    /// Takes the outcome of ``next`` and returns the step to record.
    mutating func receive(_ outcome: MetadataSearch.Outcome) -> AuthStep {
        next = nil
        let response: AuthResponse
        switch outcome {
        case .failure(let error):
            failure = AuthFailure(
                error.isRefusedAddress ? .refusedAddress : .unreachable,
                "the client could not be registered: \(error.message)",
                advice: error.advice,
                rule: .dynamicRegistration
            )
            return step(nil, .fault, error.message)
        case .success(let received): response = received
        }
        switch JSONBody.object(response) {
        case .failure(let fault):
            let refusal = response.status == 200 || response.status == 201 ? "" : " with status \(response.status)"
            return fail(.malformedResponse, response, "\(fault.reason)\(refusal)")
        case .success(let document):
            guard response.status == 200 || response.status == 201 else { return refused(response, document) }
            return registered(response, document)
        }
    }

    private mutating func registered(_ response: AuthResponse, _ document: JSONObject) -> AuthStep {
        guard let id = document["client_id"]?.string, !id.isEmpty else {
            return fail(.malformedResponse, response, "a registration without client_id")
        }
        let secret = document["client_secret"]?.string
        let granted = document["token_endpoint_auth_method"]?.string
        let method = Self.method(granted: granted, requested: method, hasSecret: secret != nil, server)
        client = OAuthClient(
            id: id,
            // A server may issue a secret to a public client as well.
            secret: method == .none ? nil : secret,
            authentication: method,
            issuer: server.issuer,
            source: .registered
        )
        let changed = granted.flatMap {
            $0 == self.method.rawValue ? nil : ", although \(self.method.rawValue) was requested"
        }
        return step(response.status, .ok, "a client, token_endpoint_auth_method \(method.rawValue)\(changed ?? "")")
    }

    /// The granted method if it is usable; otherwise the one that the metadata allows.
    private static func method(
        granted: String?,
        requested: OAuthClient.Authentication,
        hasSecret: Bool,
        _ server: ServerMetadata
    ) -> OAuthClient.Authentication {
        let method = granted.flatMap(OAuthClient.Authentication.init(rawValue:)) ?? requested
        let isListed = server.tokenAuthMethods?.contains(method.rawValue) ?? true
        let chosen = isListed ? method : requested
        return chosen == .none || hasSecret ? chosen : .none
    }

    private mutating func refused(_ response: AuthResponse, _ document: JSONObject) -> AuthStep {
        let refusal = OAuthError(document)
        let text = refusal.map { "a refusal: \($0)" } ?? "status \(response.status) without an error code"
        if refusal?.code == "invalid_client_metadata", let other = alternative {
            method = other
            prepare()
            return step(response.status, .warning, "\(text); the next attempt requests \(other.rawValue)")
        }
        if refusal?.code == "invalid_redirect_uri", !hasChangedRedirect, identity.changesRedirectURI {
            let changed = redirectURIs.map(Self.byName)
            if changed != redirectURIs {
                hasChangedRedirect = true
                redirectURIs = changed
                prepare()
                return step(response.status, .warning, "\(text); the next attempt uses localhost")
            }
        }
        return fail(.registrationRefused, response, text, code: refusal?.code)
    }

    private var alternative: OAuthClient.Authentication? {
        let listed = server.tokenAuthMethods
        return [.none, .basic, .post].first { method in
            !attempts.contains(method) && (listed?.contains(method.rawValue) ?? true)
        }
    }

    /// Some servers know the name, but not the address.
    static func byName(_ uri: String) -> String {
        let prefix = "http://127.0.0.1:"
        return uri.hasPrefix(prefix) ? "http://localhost:\(uri.dropFirst(prefix.count))" : uri
    }

    private mutating func fail(
        _ kind: AuthFailure.Kind,
        _ response: AuthResponse,
        _ found: String,
        code: String? = nil
    ) -> AuthStep {
        failure = AuthFailure(
            kind,
            "\(endpoint) returned \(found)",
            advice: "Register a client by hand and give its ID.",
            rule: .dynamicRegistration,
            code: code
        )
        return step(response.status, .fault, found)
    }

    private func step(_ status: Int?, _ verdict: AuthStep.Verdict, _ found: String) -> AuthStep {
        AuthStep(
            .registration,
            verdict,
            .dynamicRegistration,
            found,
            request: "POST \(endpoint)",
            status: status,
            problem: verdict == .fault ? .registrationRefused : nil,
            advice: verdict == .fault ? failure?.advice : nil
        )
    }
}
