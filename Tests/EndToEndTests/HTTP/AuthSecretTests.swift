import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

/// Every command of authorization with a server that repeats whatever it receives: nothing secret is printed.
@Suite(.timeLimit(.minutes(15)))
struct AuthSecretTests {
    /// A protected server and its authorization server.
    private final class Parrot: Sendable {
        private struct State {
            var repeats = false
            var secrets: Set<String> = []
            var count = 0
        }

        private let state = Mutex(State())
        private let server = Mutex<ScriptedHTTPServer?>(nil)

        init() throws {
            let server = try ScriptedHTTPServer { [weak self] connection in
                while let request = try await connection.readRequest() {
                    guard let self else { return }
                    try await self.answer(request, on: connection)
                }
            }
            self.server.withLock { $0 = server }
        }

        var url: String { server.withLock { $0?.url() ?? "" } }

        /// Everything secret that went over the wire so far.
        var secrets: Set<String> { state.withLock { $0.secrets } }

        /// Whether requests are refused, with their own words.
        func setRepeats(_ repeats: Bool) { state.withLock { $0.repeats = repeats } }

        func stop() { server.withLock { $0 }?.stop() }

        private func secret(_ kind: String) -> String {
            state.withLock { state in
                state.count += 1
                let secret = "\(kind)-s3cret-\(state.count)-\(UUID().uuidString)"
                state.secrets.insert(secret)
                return secret
            }
        }

        private func learn(_ request: ScriptedHTTPRequest) {
            let names = ["code_verifier", "client_assertion", "client_secret", "refresh_token", "device_code", "code"]
            for name in names {
                guard let value = AuthSuiteServer.value(name, request.text) else { continue }
                state.withLock { $0.secrets.formUnion([value, value.removingPercents]) }
            }
            guard let credentials = request["authorization"]?.split(separator: " ").last else { return }
            state.withLock { _ = $0.secrets.insert(String(credentials)) }
        }

        private func answer(_ request: ScriptedHTTPRequest, on connection: ScriptedHTTPConnection) async throws {
            learn(request)
            let origin = "http://\(request["host"] ?? "")"
            let words = "\(request.text) \(request["authorization"] ?? "")".replacing("\"", with: "'")
            let refusal = #"{"error":"invalid_grant","error_description":"\#(words)"}"#
            let repeats = state.withLock { $0.repeats }
            switch String(request.target.prefix { $0 != "?" }) {
            case "/.well-known/oauth-protected-resource/mcp":
                let document = #"{"resource":"\#(origin)/mcp","authorization_servers":["\#(origin)"]}"#
                try await connection.answer(200, body: document)
            case "/.well-known/oauth-authorization-server":
                let document: JSONValue = [
                    "issuer": .string(origin), "authorization_endpoint": .string("\(origin)/authorize"),
                    "token_endpoint": .string("\(origin)/token"),
                    "registration_endpoint": .string("\(origin)/register"),
                    "device_authorization_endpoint": .string("\(origin)/device"),
                    "code_challenge_methods_supported": ["S256"],
                    "token_endpoint_auth_methods_supported": [
                        "client_secret_basic", "client_secret_post", "private_key_jwt", "none",
                    ],
                ]
                try await connection.answer(200, body: document.description)
            case "/register":
                let body =
                    #"{"client_id":"registered","client_secret":"\#(secret("registered"))","#
                    + #""token_endpoint_auth_method":"client_secret_basic","registration_access_token":"\#(secret("rat"))"}"#
                try await connection.answer(201, body: body)
            case "/authorize":
                let query = request.target.split(separator: "?").last.map(String.init) ?? ""
                let target = AuthSuiteServer.value("redirect_uri", query)?.removingPercents ?? ""
                let state = AuthSuiteServer.value("state", query) ?? ""
                try await connection.answer(302, [("Location", "\(target)?code=\(secret("code"))&state=\(state)")])
            case "/device":
                let body =
                    #"{"device_code":"\#(secret("device"))","user_code":"ABCD","verification_uri":"\#(origin)/enter","interval":1}"#
                try await connection.answer(200, body: body)
            case "/token" where repeats: try await connection.answer(400, body: refusal)
            case "/token":
                let body =
                    #"{"access_token":"\#(secret("access"))","refresh_token":"\#(secret("refresh"))","#
                    + #""id_token":"\#(secret("identity"))","token_type":"Bearer","expires_in":3600}"#
                try await connection.answer(200, body: body)
            default:
                let challenge = "Bearer error=\"invalid_token\", error_description=\"\(words)\""
                guard request["authorization"] != nil, !repeats else {
                    return try await connection.answer(401, [("WWW-Authenticate", challenge)], body: refusal)
                }
                try await connection.answer(400, body: refusal)
            }
        }
    }

    @Test
    func nothingSecretIsPrintedByAnyCommand() async throws {
        let parrot = try Parrot()
        defer { parrot.stop() }
        let folder = try TemporaryFolder()
        let browser = """
            #!/usr/bin/env python3
            import sys, urllib.request
            urllib.request.urlopen(sys.argv[1], timeout=60).read()
            """
        try folder.write(browser, to: "bin/xdg-open", isExecutable: true)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let given = ["CLIENT", "REFRESH", "TOKEN", "FILE", "COMMAND", "HEADER"]
        var environment = [
            "PATH": "\(folder.path("bin")):\(path)", "DISPLAY": ":0", "SSH_CONNECTION": "", "SSH_TTY": "",
            "XDG_STATE_HOME": folder.path("state"),
            // Debug logs must not contain secrets, either.
            "MCP_TEST_LOG_LEVEL": "DEBUG", "MCP_TEST_DEBUG": "1",
        ]
        for name in given { environment[name] = "given-s3cret-\(name)-\(UUID().uuidString)" }
        var known = Set(given.compactMap { environment[$0] })
        let file = try folder.write(environment["FILE"] ?? "", to: "token.txt")
        let pem = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
            OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
            1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
            -----END PRIVATE KEY-----
            """
        for line in pem.split(separator: "\n") where !line.hasPrefix("-") { known.insert(String(line)) }
        let key = try folder.write(pem, to: "key.pem")
        let url = parrot.url
        let client = ["--auth-client-id", "machine", "--auth-client-secret", "env:CLIENT"]
        let commands: [(arguments: [String], repeats: Bool)] = [
            (["auth", "login", url], false), (["auth", "list"], false), (["auth", "show", url], false),
            (["auth", "doctor", url], false), (["auth", "doctor", url, "--register", "--as", "vscode"], false),
            (["list", url], false), (["list", url], true), (["auth", "login", url], true),
            (["auth", "login", url, "--no-browser", "--consent-timeout", "0.2"], false),
            (["auth", "login", url] + client, false), (["auth", "login", url] + client, true),
            (["call", url, "echo"] + client, true),
            (["auth", "login", url, "--auth-client-id", "signer", "--auth-client-key", key], false),
            (["auth", "login", url, "--auth-client-id", "signer", "--auth-client-key", key], true),
            (["auth", "login", url, "--device", "--auth-client-id", "device"], false),
            (["auth", "login", url, "--device", "--auth-client-id", "device"], true),
            (["auth", "login", url, "--auth-client-id", "x", "--auth-refresh-token", "env:REFRESH"], false),
            (["auth", "login", url, "--auth-client-id", "x", "--auth-refresh-token", "env:REFRESH"], true),
            (["list", url, "--auth-token", "env:TOKEN"], true), (["list", url, "--auth-token-file", file], true),
            (["list", url, "--auth-token-command", "printenv COMMAND"], true),
            (["list", url, "--header-env", "Authorization=HEADER"], true), (["auth", "show", url], false),
            (["auth", "logout", url], false),
        ]
        for command in commands {
            parrot.setRepeats(command.repeats)
            for format in [[], ["--json"]] {
                let run = try await RunningProgram.run(command.arguments + format, environment: environment)
                let secrets = known.union(parrot.secrets).filter { $0.count > 8 }
                let shown = secrets.filter { run.description.contains($0) }
                // The names only: a message of the test must not show them either.
                #expect(shown.isEmpty, "\(command.arguments.prefix(2)): \(shown.map { $0.prefix(12) })")
            }
        }
        #expect(known.union(parrot.secrets).filter { $0.count > 8 }.count >= 20)
    }
}
