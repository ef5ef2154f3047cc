import AsyncRuntime
import JSON
import MCPHTTP
import Synchronization
import TestSupport

@testable import MCPAuth

/// A server, its authorization server and a browser, without sockets: responses by method and URL.
///
/// All other URLs return 404.
final class World: Sendable {
    typealias Handler = @Sendable (AuthRequest) -> AuthResponse

    private struct State {
        var handlers: [String: Handler] = [:]
        var failures: [String: AuthHTTPFailure] = [:]
        var requests: [AuthRequest] = []
        var authorizations: [HTTPURL] = []
        var now: Int64 = 1_800_000_000
    }

    static let server = "https://mcp.example/public/mcp"
    static let issuer = "https://auth.example"
    /// Where a sound server has its two documents.
    static let resourcePlace = "https://mcp.example/.well-known/oauth-protected-resource/public/mcp"
    static let serverPlace = "https://auth.example/.well-known/oauth-authorization-server"
    static let redirectURI = "http://127.0.0.1:5000/callback"

    private let state = Mutex(State())

    /// Creates a world in which everything is sound.
    init() {
        set(World.resourcePlace, json: World.resourceDocument())
        set(World.serverPlace, json: World.serverDocument())
        set("POST \(World.issuer)/register", status: 201, json: ["client_id": "registered-1"])
        set("POST \(World.issuer)/token") { _ in World.token("access-token-1", refresh: "refresh-token-1") }
    }

    static func resourceDocument(_ changes: JSONObject = [:]) -> JSONObject {
        merge(["resource": .string(server), "authorization_servers": [.string(issuer)]], changes)
    }

    static func serverDocument(_ changes: JSONObject = [:], issuer: String = issuer) -> JSONObject {
        merge(
            [
                "issuer": .string(issuer), "authorization_endpoint": .string("\(issuer)/authorize"),
                "token_endpoint": .string("\(issuer)/token"), "registration_endpoint": .string("\(issuer)/register"),
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            ],
            changes
        )
    }

    /// The first object with the members of the second; null removes a member.
    private static func merge(_ object: JSONObject, _ changes: JSONObject) -> JSONObject {
        var merged = object
        for member in changes.members { merged[member.key] = member.value.isNull ? nil : member.value }
        return merged
    }

    static func token(_ access: String, refresh: String? = nil, lifetime: Int = 3600) -> AuthResponse {
        var object: JSONObject = [
            "access_token": .string(access), "token_type": "Bearer", "expires_in": JSONValue(lifetime),
        ]
        object["refresh_token"] = refresh.map(JSONValue.string)
        return json(200, object)
    }

    static func json(_ status: Int, _ object: JSONObject) -> AuthResponse {
        AuthResponse(
            status: status,
            fields: [.init("Content-Type", "application/json")],
            body: Array(JSONValue.object(object).description.utf8)
        )
    }

    static func error(_ code: String, status: Int = 400, text: String? = nil) -> AuthResponse {
        var object: JSONObject = ["error": .string(code)]
        object["error_description"] = text.map(JSONValue.string)
        return json(status, object)
    }

    // MARK: - Setting up

    /// Sets the response to `METHOD URL`, or to a GET of a URL.
    func set(_ request: String, _ handler: @escaping Handler) {
        state.withLock { $0.handlers[request.contains(" ") ? request : "GET \(request)"] = handler }
    }

    /// Sets the response to `METHOD URL` with any query.
    func setAll(_ request: String, _ handler: @escaping Handler) {
        state.withLock { $0.handlers["\(request)?"] = handler }
    }

    func set(_ request: String, status: Int = 200, json object: JSONObject) {
        set(request) { _ in World.json(status, object) }
    }

    func set(_ request: String, status: Int = 200, type: String, body: String) {
        set(request) { _ in
            AuthResponse(status: status, fields: [.init("Content-Type", type)], body: Array(body.utf8))
        }
    }

    func set(_ request: String, redirectTo location: String, status: Int = 302) {
        set(request) { _ in AuthResponse(status: status, fields: [.init("Location", location)]) }
    }

    /// Lets a GET of a URL fail, as if the server responded too late or with too much.
    func set(_ url: String, failure: AuthHTTPFailure) {
        state.withLock { $0.failures["GET \(url)"] = failure }
    }

    func remove(_ request: String) {
        state.withLock { $0.handlers[request.contains(" ") ? request : "GET \(request)"] = nil }
    }

    func advance(seconds: Int64) {
        state.withLock { $0.now += seconds }
    }

    // MARK: - What was sent

    /// The requests as `METHOD URL`.
    var requests: [String] { state.withLock { $0.requests.map { "\($0.method.rawValue) \($0.url.requestText)" } } }

    /// The forms or JSON that were posted to a URL.
    func bodies(of url: String) -> [String] {
        state.withLock { state in
            state.requests.filter { $0.method == .post && $0.url.requestText == url }
                .map { String(decoding: $0.body, as: UTF8.self) }
        }
    }

    func forms(_ path: String = "/token", issuer: String = World.issuer) -> [FormParameters] {
        bodies(of: issuer + path).map(FormParameters.init(parsing:))
    }

    func registrations(issuer: String = World.issuer) throws -> [JSONValue] {
        try bodies(of: "\(issuer)/register").map { try JSONValue(parsing: $0) }
    }

    func authorizationHeaders() -> [String] {
        state.withLock { $0.requests.flatMap { $0.fields.filter { $0.name == "Authorization" }.map(\.value) } }
    }

    /// The URLs that the user was shown.
    var authorizations: [HTTPURL] { state.withLock { $0.authorizations } }

    /// The parameters of the authorization requests.
    var authorizationParameters: [FormParameters] {
        authorizations.map { FormParameters(parsing: $0.query ?? "") }
    }

    // MARK: - The parts

    var http: AuthHTTP {
        { request async throws(AuthHTTPFailure) in
            let (handler, failure) = self.state.withLock { state in
                state.requests.append(request)
                let line = "\(request.method.rawValue) \(request.url.requestText)"
                let handler = state.handlers[line] ?? state.handlers["\(line.prefix { $0 != "?" })?"]
                return (handler, state.failures[line])
            }
            if let failure { throw failure }
            return handler?(request) ?? AuthResponse(status: 404)
        }
    }

    func flow(
        _ change: (inout AuthorizationSettings) -> Void = { _ in },
        server: String = World.server
    ) throws -> AuthorizationFlow {
        var settings = AuthorizationSettings(server: try HTTPURL(server))
        change(&settings)
        return AuthorizationFlow(
            settings,
            http: http,
            clock: FakeClock(isEager: true),
            now: { self.state.withLock { $0.now } }
        )
    }

    /// A browser whose user agrees.
    ///
    /// - Parameters:
    ///   - issuer: The `iss` of the redirect back; nil sends none.
    ///   - answer: Replaces the query of the redirect back, by the state.
    func code(
        issuer: String? = nil,
        redirectURI: String = World.redirectURI,
        answer: (@Sendable (_ state: String) -> String)? = nil
    ) -> AuthorizationGrant {
        .code(
            CodeInteraction(redirectURI: redirectURI) { url, state async throws(AuthFailure) in
                self.state.withLock { $0.authorizations.append(url) }
                if let answer { return Callback(query: answer(state)) }
                var query = FormParameters([("code", "secret-code-1"), ("state", state)])
                query.append("iss", issuer)
                return Callback(query: query.text)
            }
        )
    }
}

/// The challenges of one `WWW-Authenticate` header.
func challenge(_ value: String) -> Challenges { Challenges(parsing: [value]) }

/// The failure of an authorization.
func failure(_ body: () async throws -> some Any) async -> AuthFailure? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? AuthFailure
    }
}
