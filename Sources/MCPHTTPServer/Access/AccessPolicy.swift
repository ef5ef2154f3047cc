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
    /// The response, which is mostly a refusal.
    case answered(HTTPResponse)
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
    private let authentication: Authentication?
    private let methods: String

    init(_ options: HTTPServerOptions, port: Int, methods: String) {
        names = HostNames(options, port: port)
        origins = Set(options.allowedOrigins.map(Self.normalized))
        advice = options.advice
        authentication = options.authentication
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
        guard let authentication else { return .admitted(AuthenticatedClient(principal: .local, fields: fields)) }
        guard let principal = Self.principal(head.headers["Authorization"], authentication) else {
            return .answered(Self.unauthorized(isGiven: head.headers.contains(name: "Authorization"), fields))
        }
        return .admitted(AuthenticatedClient(principal: principal, fields: fields))
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

    private static func principal(_ values: [String], _ authentication: Authentication) -> Principal? {
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return authentication.principal(of: String(parts[1].drop { $0 == " " }))
    }

    private static func unauthorized(isGiven: Bool, _ fields: [(String, String)]) -> HTTPResponse {
        let challenge = isGiven ? "Bearer error=\"invalid_token\"" : "Bearer"
        let reason =
            isGiven
            ? "the Authorization header has no valid token"
            : "authentication required: send a token as Authorization: Bearer TOKEN"
        return .refusal(.unauthorized, reason, fields: fields + [("WWW-Authenticate", challenge)])
    }
}
