import JSON
import Synchronization
import TestSupport

/// A protected server with its authorization server, like those of the suite's `auth/*` scenarios; its user agrees at once.
final class AuthSuiteServer: Sendable {
    /// What differs from scenario to scenario.
    ///
    /// URLs begin with the origin if they begin with a slash.
    struct Play: Sendable {
        /// Whether the challenge names the metadata.
        var isNamed = true
        /// Where the protected resource metadata is; nil for none.
        var resourcePlace: String? = "/.well-known/oauth-protected-resource/mcp"
        var resource = "/mcp"
        /// The path of the issuer.
        var issuer = ""
        /// Where the metadata of the authorization server is; nil for none.
        var serverPlace: String? = "/.well-known/oauth-authorization-server"
        /// Changes of the metadata; null removes a member.
        var server: JSONObject = [:]
        var resourceChanges: JSONObject = [:]
        /// The scope of the challenge of a 401.
        var scope: String?
        /// The scope that a call needs; nil if none.
        var callScope: String?
        /// Whether no scope is ever enough.
        var neverContent = false
        /// The `iss` of the redirect back; nil sends none.
        var iss: String?
        /// Whether only calls need a token.
        var opensLate = false
        /// The issuer of another server, which is named once a token has been used.
        var successor: String?
    }

    private struct State {
        var tokens: [String: String] = [:]
        var codes: [String: String] = [:]
        var hasUsedToken = false
        var registrations: [JSONValue] = []
        var authorizations: [String] = []
        var tokenRequests: [ScriptedHTTPRequest] = []
        var exchanges: [String] = []
        var results = 0
    }

    private let play: Play
    private let state = Mutex(State())
    private let server = Mutex<ScriptedHTTPServer?>(nil)

    init(_ play: Play = Play()) throws {
        self.play = play
        let server = try ScriptedHTTPServer { [weak self] connection in
            while let request = try await connection.readRequest() {
                guard let self else { return }
                try await self.answer(request, on: connection)
            }
        }
        self.server.withLock { $0 = server }
    }

    // MARK: - What happened

    var origin: String { server.withLock { $0?.url("") ?? "" } }
    var requests: [String] { server.withLock { $0?.requests.map { "\($0.method) \($0.target)" } ?? [] } }
    var registrations: [JSONValue] { state.withLock { $0.registrations } }
    var tokenRequests: [ScriptedHTTPRequest] { state.withLock { $0.tokenRequests } }
    /// The forms that the identity provider received.
    var exchanges: [String] { state.withLock { $0.exchanges } }
    /// The queries of the authorization requests.
    var authorizations: [String] { state.withLock { $0.authorizations } }
    /// The number of calls that had a result.
    var results: Int { state.withLock { $0.results } }

    func stop() { server.withLock { $0 }?.stop() }

    /// Starts the client as the suite does and waits for its end.
    func run(_ scenario: String, at revision: String, context: JSONValue? = nil) async throws -> Run {
        var environment = [
            "MCP_CONFORMANCE_SCENARIO": "auth/\(scenario)", "MCP_CONFORMANCE_PROTOCOL_VERSION": revision,
        ]
        if let context { environment["MCP_CONFORMANCE_CONTEXT"] = context.description }
        let program = try await RunningProgram(
            ["\(origin)/mcp"],
            environment: environment,
            executable: Product.neighbor("conformance-client")
        )
        return await program.ended()
    }

    // MARK: - Answers

    private func answer(_ request: ScriptedHTTPRequest, on connection: ScriptedHTTPConnection) async throws {
        let path = String(request.target.prefix { $0 != "?" })
        switch path {
        case play.resourcePlace:
            try await connection.answer(200, body: JSONValue.object(resourceDocument).description)
        case play.serverPlace:
            try await connection.answer(200, body: JSONValue.object(serverDocument).description)
        case "/oauth/register", "/register": try await register(request, on: connection)
        case "/oauth/authorize", "/authorize": try await authorize(request, on: connection)
        case "/oauth/token", "/token": try await issue(request, on: connection)
        // An identity provider.
        case "/idp/token":
            state.withLock { $0.exchanges.append(request.text) }
            try await connection.answer(200, body: #"{"access_token":"the-id-jag","token_type":"N_A"}"#)
        case "/mcp": try await serve(request, on: connection)
        default: try await connection.answer(404)
        }
    }

    private func whole(_ text: String) -> String { text.hasPrefix("/") || text.isEmpty ? origin + text : text }

    private var resourceDocument: JSONObject {
        let isMoved = state.withLock { $0.hasUsedToken }
        let issuer = isMoved ? play.successor ?? whole(play.issuer) : whole(play.issuer)
        return Self.merge(
            ["resource": .string(whole(play.resource)), "authorization_servers": [.string(issuer)]],
            play.resourceChanges
        )
    }

    private var serverDocument: JSONObject {
        Self.merge(
            [
                "issuer": .string(whole(play.issuer)), "authorization_endpoint": .string("\(origin)/oauth/authorize"),
                "token_endpoint": .string("\(origin)/oauth/token"),
                "registration_endpoint": .string("\(origin)/oauth/register"),
                "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["none"],
            ],
            play.server
        )
    }

    private static func merge(_ object: JSONObject, _ changes: JSONObject) -> JSONObject {
        var merged = object
        for member in changes.members { merged[member.key] = member.value.isNull ? nil : member.value }
        return merged
    }

    private func register(_ request: ScriptedHTTPRequest, on connection: ScriptedHTTPConnection) async throws {
        let body = try JSONValue(parsing: request.body)
        state.withLock { $0.registrations.append(body) }
        let method = body["token_endpoint_auth_method"]?.description ?? "\"none\""
        // The suite issues a secret to public clients, too.
        try await connection.answer(
            201,
            body:
                #"{"client_id":"client-of-\#(origin)","client_secret":"s3cret","token_endpoint_auth_method":\#(method)}"#
        )
    }

    private func authorize(_ request: ScriptedHTTPRequest, on connection: ScriptedHTTPConnection) async throws {
        let query = request.target.split(separator: "?").dropFirst().first.map(String.init) ?? ""
        let code = state.withLock { state in
            state.authorizations.append(query)
            let code = "code-\(state.authorizations.count)"
            state.codes[code] = Self.value("scope", query) ?? ""
            return code
        }
        let target = Self.value("redirect_uri", query)?.removingPercents ?? ""
        let iss = play.iss.map { "&iss=\(whole($0))" } ?? ""
        let location = "\(target)?code=\(code)&state=\(Self.value("state", query) ?? "")\(iss)"
        try await connection.answer(302, [("Location", location)])
    }

    private func issue(_ request: ScriptedHTTPRequest, on connection: ScriptedHTTPConnection) async throws {
        let token = state.withLock { state in
            state.tokenRequests.append(request)
            let scope =
                Self.value("code", request.text).flatMap { state.codes[$0] } ?? Self.value("scope", request.text)
            let token = "token-\(state.tokens.count + 1)-of-\(origin.filter(\.isNumber))"
            state.tokens[token] = scope ?? ""
            return token
        }
        try await connection.answer(200, body: #"{"access_token":"\#(token)","token_type":"Bearer","expires_in":3600}"#)
    }

    /// Whether this server issued the token.
    func issued(_ token: String) -> Bool { state.withLock { $0.tokens[token] != nil } }

    /// Whether tokens of another server are accepted, too.
    let accepts = Mutex<(@Sendable (String) -> Bool)?>(nil)

    private func serve(_ request: ScriptedHTTPRequest, on connection: ScriptedHTTPConnection) async throws {
        guard request.method == "POST" else { return try await connection.answer(405) }
        let message = try JSONValue(parsing: request.body)
        let method = message["method"]?.string ?? ""
        let token = request["authorization"].map { String($0.dropFirst(7)) }
        let isOpen = play.opensLate && method != "tools/list" && method != "tools/call"
        if !isOpen {
            let isForeign = accepts.withLock { $0 }.map { accepted in token.map(accepted) ?? false } ?? false
            let isMoved = state.withLock { $0.hasUsedToken } && play.successor != nil
            guard let token, (issued(token) && !isMoved) || isForeign else {
                let name = play.isNamed ? ["resource_metadata=\"\(whole(play.resourcePlace ?? ""))\""] : []
                let scope = play.scope.map { ["scope=\"\($0)\""] } ?? []
                let parameters = (name + scope).joined(separator: ", ")
                return try await connection.answer(401, [("WWW-Authenticate", "Bearer \(parameters)")])
            }
            let scopes = state.withLock { $0.tokens[token] } ?? ""
            if method == "tools/call", let needed = play.callScope,
                play.neverContent || !scopes.removingPercents.split(separator: " ").contains(Substring(needed))
            {
                let challenge = "Bearer error=\"insufficient_scope\", scope=\"\(needed)\""
                return try await connection.answer(403, [("WWW-Authenticate", challenge)])
            }
            if method == "tools/list" { state.withLock { $0.hasUsedToken = true } }
        }
        guard let id = message["id"] else { return try await connection.answer(202, []) }
        var result: JSONObject = ["resultType": "complete", "ttlMs": 0, "cacheScope": "private"]
        switch method {
        case "server/discover":
            result["supportedVersions"] = ["2026-07-28"]
            result["capabilities"] = ["tools": [:]]
            result["serverInfo"] = ["name": "suite", "version": "1"]
        case "initialize":
            result["protocolVersion"] = message["params"]?["protocolVersion"]
            result["capabilities"] = ["tools": [:]]
            result["serverInfo"] = ["name": "suite", "version": "1"]
        case "tools/list":
            result["tools"] = [["name": "test-tool", "inputSchema": ["type": "object"]]]
        case "tools/call":
            state.withLock { $0.results += 1 }
            result["content"] = [["type": "text", "text": "done"]]
        default: break
        }
        let answer: JSONValue = ["jsonrpc": "2.0", "id": id, "result": .object(result)]
        try await connection.answer(200, body: answer.description)
    }

    /// The value of a parameter of a form or query, still encoded.
    static func value(_ name: String, _ form: String) -> String? {
        form.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}

extension String {
    /// Without percent encoding.
    var removingPercents: String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
