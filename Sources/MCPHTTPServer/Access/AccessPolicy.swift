import JSONRPC
import MCPTransport
import NIOHTTP1

/// Somebody who may ask.
struct AuthenticatedClient: Sendable {
    var principal: Principal
    /// What answers must say so that the web page which asked can read them.
    var fields: [(String, String)] = []
}

/// Whether a request is taken.
enum AccessDecision: Sendable {
    case admitted(AuthenticatedClient)
    /// It has been answered already, mostly with a refusal.
    case answered(HTTPResponse)
}

/// Decides who may speak to the server, from the head of a request alone.
///
/// A web page can make a browser send requests here. `Origin` says which page it was; `Host` shows a page that had its own
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
        origins = Set(options.allowedOrigins.map(Self.normal))
        advice = options.advice
        authentication = options.authentication
        self.methods = methods
    }

    /// Looks at a request that came to an address of ours.
    func admit(_ head: HTTPRequestHead, at address: String?) -> AccessDecision {
        let hosts = head.headers["Host"]
        guard hosts.count == 1, let host = head.authority.map(String.init) ?? hosts.first else {
            return .answered(
                .refusal(.badRequest, "a request has exactly one Host header; this one has \(hosts.count)")
            )
        }
        guard names.allow(host, at: address) else {
            return .answered(
                .refusal(
                    .misdirectedRequest,
                    "this server is not addressed as \(host); names beside its own must be allowed when it is started"
                        + Self.end(advice?.host, host)
                )
            )
        }
        var fields: [(String, String)] = []
        let asking = head.headers["Origin"]
        if let origin = asking.first {
            guard asking.count == 1, isAllowed(origin, at: host) else {
                return .answered(
                    .refusal(
                        .forbidden,
                        "pages of \(origin) may not speak to this server unless it is started so"
                            + Self.end(advice?.origin, origin)
                    )
                )
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

    private static func end(_ advice: String?, _ name: String) -> String {
        advice.map { ": \($0) \(name)" } ?? ""
    }

    // MARK: - Web pages

    private func isAllowed(_ origin: String, at host: String) -> Bool {
        let origin = Self.normal(origin)
        return origin == "http://\(host.lowercased())" || origins.contains(origin)
    }

    private static func normal(_ origin: String) -> String {
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

    /// What a browser asks before it lets a page ask.
    private func preflight(_ head: HTTPRequestHead, _ fields: [(String, String)]) -> HTTPResponse {
        var answer = HTTPResponse.empty(.noContent, fields: fields + [("Allow", methods)])
        guard !fields.isEmpty else { return answer }
        answer.fields.append(("Access-Control-Allow-Methods", methods))
        // The names of mirrored arguments cannot be listed beforehand.
        let asked = head.headers["Access-Control-Request-Headers"].joined(separator: ", ")
        if !asked.isEmpty { answer.fields.append(("Access-Control-Allow-Headers", asked)) }
        answer.fields.append(("Access-Control-Max-Age", "600"))
        return answer
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
            ? "the token in the Authorization header is none that this server takes"
            : "this server takes only requests with a token: Authorization: Bearer …"
        return .refusal(.unauthorized, reason, fields: fields + [("WWW-Authenticate", challenge)])
    }
}
