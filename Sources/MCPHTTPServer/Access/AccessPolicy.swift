import JSONRPC
import MCPTransport
import NIOHTTP1

/// A client that may make requests.
struct AuthenticatedClient: Sendable {
    var principal: Principal
    /// Headers with which the client's web page may read responses.
    var fields: [(String, String)] = []
}

/// Whether a request is served.
enum AccessDecision: Sendable {
    case admitted(AuthenticatedClient)
    /// It is a request for a page, which decides by itself.
    case page
    /// The token can be verified only after its keys were fetched.
    case undecided(UnverifiedCredentials)
    /// The response, which is mostly a refusal.
    case answered(HTTPResponse)
}

/// A token that is not verified yet.
struct UnverifiedCredentials: Sendable {
    var token: String
    /// Headers with which the client's web page may read responses.
    var fields: [(String, String)]
}

extension AccessDecision {
    /// Whether the body of the request is needed.
    var readsBody: Bool {
        switch self {
        case .admitted, .page, .undecided: true
        case .answered: false
        }
    }

    /// Headers of every response to the client.
    var fields: [(String, String)] {
        switch self {
        case .admitted(let client): client.fields
        case .undecided(let credentials): credentials.fields
        case .page, .answered: []
        }
    }
}

/// Decides who may use the server, by the head of a request alone.
///
/// A web page can make a browser send requests to this server. `Origin` names the page; `Host` reveals a page that had its own
/// name resolved to our address (DNS rebinding).
/// Source: 2026-07-28 and 2025-11-25, "Streamable HTTP", "Security"; "Authorization", error handling.
struct AccessPolicy: Sendable {
    private let names: HostNames
    private let origins: Set<String>
    private let advice: (host: String, origin: String)?
    /// Verifies tokens; nil if the server requires none.
    let verifier: (any TokenVerifier)?
    private let authorization: ResourceAuthorization?
    private let pages: (any SitePages)?
    private let faults: Set<AuthorizationFault>
    private let methods: String

    init(_ options: HTTPServerOptions, port: Int, methods: String, _ site: HTTPSite? = nil) {
        names = HostNames(options, port: port)
        origins = Set(options.allowedOrigins.map(Self.normalized))
        advice = options.advice
        authorization = site?.authorization
        pages = site?.pages
        verifier = site?.authorization?.verifier ?? options.authentication
        faults = options.authorizationFaults
        self.methods = methods
    }

    /// Decides about a request that arrived at one of our IP addresses.
    func decide(_ head: HTTPRequestHead, at address: String?) -> AccessDecision {
        let hosts = head.headers["Host"]
        guard hosts.count == 1, let host = head.authority.map(String.init) ?? hosts.first else {
            return .answered(.refusal(.badRequest, "a request must have one Host header, this one has \(hosts.count)"))
        }
        guard names.accepts(host, at: address) else {
            let reason = "the host \(host) is not allowed" + Self.ending(advice?.host, host)
            return .answered(.refusal(.misdirectedRequest, reason))
        }
        if let pages, pages.contains(String(head.path)) { return .page }
        var fields: [(String, String)] = []
        let given = head.headers["Origin"]
        if let origin = given.first {
            guard given.count == 1, isAllowed(origin, at: host) else {
                let reason = "the origin \(origin) is not allowed" + Self.ending(advice?.origin, origin)
                return .answered(.refusal(.forbidden, reason))
            }
            fields = Self.sharing(with: origin)
        }
        if head.method == .OPTIONS { return .answered(preflight(head, fields)) }
        guard let verifier else { return .admitted(AuthenticatedClient(principal: .local, fields: fields)) }
        switch credentials(head) {
        case .missing: return .answered(unauthorized(nil, fields))
        case .malformed: return .answered(unauthorized("the Authorization header has no bearer token", fields))
        case .omittedOnPurpose: return .admitted(AuthenticatedClient(principal: .local, fields: fields))
        case .token(let token):
            guard let verdict = verifier.verdict(on: token) else {
                return .undecided(UnverifiedCredentials(token: token, fields: fields))
            }
            return decision(by: verdict, fields)
        }
    }

    private static func ending(_ advice: String?, _ name: String) -> String {
        advice.map { "; to allow it, \($0) \(name)" } ?? ""
    }

    // MARK: - Web pages

    /// Whether pages of an origin may use the server: its own pages, and those of allowed origins.
    ///
    /// All loopback names are the same machine. That holds only if the request itself used one: seen from another machine,
    /// localhost is that machine.
    private func isAllowed(_ origin: String, at host: String) -> Bool {
        let origin = Self.normalized(origin)
        if origins.contains(origin) || origin == "http://\(host.lowercased())" { return true }
        let scheme = "http://"
        return origin.hasPrefix(scheme) && names.isLoopback(String(origin.dropFirst(scheme.count)))
            && names.isLoopback(host)
    }

    private static func normalized(_ origin: String) -> String {
        let lowered = origin.lowercased()
        return lowered.hasSuffix("/") ? String(lowered.dropLast()) : lowered
    }

    private static func sharing(with origin: String) -> [(String, String)] {
        [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate"),
            ("Vary", "Origin"),
        ]
    }

    /// The response to a browser that checks whether a page may make a request.
    private func preflight(_ head: HTTPRequestHead, _ fields: [(String, String)]) -> HTTPResponse {
        var response = HTTPResponse.empty(.noContent, fields: fields + [("Allow", methods)])
        guard !fields.isEmpty else { return response }
        response.fields.append(("Access-Control-Allow-Methods", methods))
        // The headers of mirrored arguments cannot be listed in advance.
        let requested = head.headers["Access-Control-Request-Headers"].joined(separator: ", ")
        if !requested.isEmpty { response.fields.append(("Access-Control-Allow-Headers", requested)) }
        response.fields.append(("Access-Control-Max-Age", "600"))
        return response
    }

    // MARK: - Tokens

    private enum Credentials {
        case missing
        case malformed
        /// The server has the fault that it needs none.
        case omittedOnPurpose
        case token(String)
    }

    private func credentials(_ head: HTTPRequestHead) -> Credentials {
        let values = head.headers["Authorization"]
        guard let value = values.first else {
            if faults.contains(.tokenInQuery), let token = HTTPRequest.parameter("access_token", of: head.uri) {
                return .token(String(token))
            }
            let hasSession = head.headers.contains(name: FieldName.session)
            let isOmitted = faults.contains(.noToken) || faults.contains(.sessionAlone) && hasSession
            return isOmitted ? .omittedOnPurpose : .missing
        }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard values.count == 1, parts.count == 2, parts[0].lowercased() == "bearer" else { return .malformed }
        return .token(String(parts[1].drop { $0 == " " }))
    }

    /// The decision about a request whose token was verified.
    func decision(by verdict: TokenVerdict, _ fields: [(String, String)]) -> AccessDecision {
        switch verdict {
        case .valid(let principal): .admitted(AuthenticatedClient(principal: principal, fields: fields))
        case .invalid(let reason): .answered(unauthorized(reason, fields))
        case .insufficientScope(let needed): .answered(forbidden(needed, fields))
        case .undecided(let reason):
            .answered(.refusal(.serviceUnavailable, reason, fields: fields + [("Retry-After", "10")]))
        }
    }

    /// - Parameter fault: Why the token is not accepted; nil if none was given.
    private func unauthorized(_ fault: String?, _ fields: [(String, String)]) -> HTTPResponse {
        let reason = fault ?? "authentication required: send a token as Authorization: Bearer TOKEN"
        let challenge: String
        if let authorization {
            challenge = authorization.challenge(
                error: fault == nil ? nil : "invalid_token",
                fault,
                scopes: authorization.requiredScopes
            )
        } else {
            challenge = fault == nil ? "Bearer" : "Bearer error=\"invalid_token\""
        }
        return .refusal(.unauthorized, reason, fields: fields + self.fields(of: challenge))
    }

    private func forbidden(_ needed: [String], _ fields: [(String, String)]) -> HTTPResponse {
        let reason = "the token lacks scopes; needed: \(needed.joined(separator: " "))"
        let challenge = authorization?.challenge(error: "insufficient_scope", scopes: needed)
        let isBare = faults.contains(.forbiddenWithoutScope)
        return .refusal(
            .forbidden,
            isBare ? "forbidden" : reason,
            fields: fields + (isBare ? [] : self.fields(of: challenge ?? "Bearer error=\"insufficient_scope\""))
        )
    }

    private func fields(of challenge: String) -> [(String, String)] {
        if faults.contains(.noChallenge) { return [] }
        let isMalformed = faults.contains(.malformedChallenge)
        return [("WWW-Authenticate", isMalformed ? Self.malformed(challenge) : challenge)]
    }

    /// The challenge without its quotes and commas.
    private static func malformed(_ challenge: String) -> String {
        String(challenge.filter { $0 != "\"" && $0 != "," })
    }
}
