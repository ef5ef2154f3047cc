import Foundation
import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Commands with servers of real libraries that demand authorization.
    @Suite struct AuthorizationTests {
        /// A folder with a browser that follows redirects, and the place of the token store.
        private struct Desk {
            let folder: TemporaryFolder
            var environment: [String: String]

            init() throws {
                folder = try TemporaryFolder()
                // The program finds it under the name that every desktop has.
                let browser = """
                    #!/usr/bin/env python3
                    import sys, urllib.request
                    # As a person does who sees that a page does not load.
                    for _ in range(4):
                        try:
                            urllib.request.urlopen(sys.argv[1], timeout=30).read()
                            break
                        except OSError:
                            pass
                    """
                try folder.write(browser, to: "bin/xdg-open", isExecutable: true)
                let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
                environment = [
                    "PATH": "\(folder.path("bin")):\(path)", "DISPLAY": ":0", "SSH_CONNECTION": "", "SSH_TTY": "",
                    "XDG_STATE_HOME": folder.path("state"),
                ]
            }

            private var store: String { "state/mcp-test-mcp/tokens.json" }

            func stored() throws -> JSONValue { try JSONValue(parsing: try folder.bytes(store)) }

            /// Changes a member of the only stored authorization.
            func change(_ key: String, to value: JSONValue) throws {
                var document = try #require(try stored().object)
                var entry = try #require(document["authorizations"]?[0]?.object)
                entry[key] = value
                document["authorizations"] = [.object(entry)]
                try folder.write(JSONValue.object(document).description, to: store)
            }

            func run(_ arguments: [String], _ more: [String: String] = [:]) async throws -> Run {
                try await RunningProgram.run(arguments, environment: environment.merging(more) { $1 })
            }

            func requests() throws -> [JSONValue] { try folder.lines(of: "log").map { try JSONValue(parsing: $0) } }
        }

        private static func start(_ library: TestPeers, _ desk: Desk) async throws -> HTTPPeer {
            let script = TestPeers.script("servers/\(library.rawValue)_oauth.py")
            return try await HTTPPeer([library.python, script, "--http", "0", "--log", desk.folder.path("log")])
        }

        /// A suite with one call.
        private static func suite(of peer: HTTPPeer, _ desk: Desk) throws -> String {
            let text =
                "version: 1\nserver: {url: \"\(peer.url)\"}\ncases:\n  - {name: c, steps: [{call: echo, args: {message: hi}}]}\n"
            return try desk.folder.write(text, to: "s.suite.yaml")
        }

        @Test(arguments: [TestPeers.fastmcp4, .mcp2].filter(\.isAvailable))
        func aLoginIsUsedByEveryCommandUntilTheLogout(_ library: TestPeers) async throws {
            let desk = try Desk()
            let peer = try await Self.start(library, desk)
            defer { peer.stop() }
            let refused = try await desk.run(["list", peer.url, "--json"])
            #expect(refused.code == 3, "\(refused)")
            #expect(try refused.json()["error"]?["suggestion"]?.string?.contains("auth login") == true, "\(refused)")

            let suite = try Self.suite(of: peer, desk)
            let unauthorized = try await desk.run(["run", suite])
            #expect(unauthorized.code == 3, "\(unauthorized)")
            #expect(unauthorized.text.contains("Give a token: `headers: {Authorization:"), "\(unauthorized)")
            #expect(!unauthorized.text.contains(/--auth-token|connect_to_server/), "\(unauthorized)")

            let login = try await desk.run(["auth", "login", peer.url, "--json"])
            #expect(login.code == 0, "\(login)")
            #expect(try login.json()["steps"]?.array?.allSatisfy { $0["verdict"] == "ok" } == true, "\(login)")
            let entry = try #require(try desk.stored()["authorizations"]?[0])
            let secrets =
                ["access_token", "refresh_token"].compactMap { entry[$0]?.string }
                + [entry["client"]?["secret"]?.string].compactMap(\.self)
            #expect(secrets.count >= 2)

            // A stored token costs no request more than a given one.
            var counts: [Int] = []
            for options in [[], ["--auth-token", "env:GIVEN"]] {
                let before = try desk.requests().count
                let list = try await desk.run(["list", peer.url, "--json"] + options, ["GIVEN": secrets[0]])
                #expect(list.code == 0, "\(list)")
                #expect(!secrets.contains { list.description.contains($0) })
                counts.append(try desk.requests().count - before)
            }
            #expect(counts[0] == counts[1])

            let passed = try await desk.run(["run", suite])
            #expect(passed.code == 0, "\(passed)")
            #expect(!secrets.contains { passed.description.contains($0) })

            for command in [["list"], ["show", peer.url]] {
                let shown = try await desk.run(["auth"] + command)
                #expect(shown.code == 0, "\(shown)")
                #expect(shown.text.contains(peer.url))
                #expect(!secrets.contains { shown.description.contains($0) }, "\(shown)")
            }
            #expect(!secrets.contains { login.description.contains($0) })
            #expect(try await desk.run(["auth", "logout", peer.url]).code == 0)
            #expect(try await desk.run(["list", peer.url]).code == 3)
            let again = try await desk.run(["auth", "logout", peer.url])
            #expect(again.code == 0 && again.text.contains("nothing was stored"), "\(again)")
        }

        @Test(.enabled(if: TestPeers.fastmcp4.isAvailable, "\(TestPeers.absence)"))
        func twoProcessesThatRenewOneTokenSendOneRequest() async throws {
            let desk = try Desk()
            let peer = try await Self.start(.fastmcp4, desk)
            defer { peer.stop() }
            #expect(try await desk.run(["auth", "login", peer.url]).code == 0)
            try desk.change("expires_at", to: 1)
            async let first = desk.run(["list", peer.url])
            async let second = desk.run(["list", peer.url])
            for run in try await [first, second] { #expect(run.code == 0, "\(run)") }
            let renewals = try desk.requests().filter { request in
                request["body"]?.string?.contains("grant_type=refresh_token") == true
            }
            #expect(renewals.count == 1)
        }

        @Test(
            .enabled(if: TestPeers.oauth.isAvailable && TestPeers.mcp2.isAvailable, "\(TestPeers.absence)")
        )
        func clientCredentialsConnectWithoutAPerson() async throws {
            let desk = try Desk()
            let issuer = try await HTTPPeer([TestPeers.oauth.python, TestPeers.script("servers/oauth_server.py")])
            let origin = issuer.url.replacing("/mcp", with: "")
            let script = TestPeers.script("servers/mcp2_oauth.py")
            let peer = try await HTTPPeer([
                "/usr/bin/env", "OAUTH_ISSUER=\(origin)/tenant", TestPeers.mcp2.python, script, "--http", "0",
            ])
            defer {
                peer.stop()
                issuer.stop()
            }
            let options = ["--auth-client-id", "machine", "--auth-client-secret", "env:CLIENT_SECRET"]
            let variables = ["CLIENT_SECRET": "machine-secret"]
            let call = try await desk.run(["call", peer.url, "echo", "message=hi", "--json"] + options, variables)
            #expect(call.code == 0, "\(call)")
            #expect(!call.description.contains("machine-secret"))
            let elsewhere = variables.merging(["XDG_STATE_HOME": desk.folder.path("elsewhere")]) { $1 }
            let suite = try await desk.run(["run", try Self.suite(of: peer, desk)] + options, elsewhere)
            #expect(suite.code == 0, "\(suite)")
            // The token is stored, so the secret is not needed again before it expires.
            #expect(try await desk.run(["list", peer.url]).code == 0)

            let wrong = ["CLIENT_SECRET": "wrong-secret"]
            try desk.change("access_token", to: "revoked-token")
            let refused = try await desk.run(["list", peer.url, "--json"] + options, wrong)
            #expect(refused.code == 3, "\(refused)")
            let evidence = try refused.json()["evidence"]?["authorization"]?.array ?? []
            #expect(evidence.last?["found"]?.string?.contains("invalid_client") == true, "\(refused)")
            #expect(!refused.description.contains("wrong-secret"))
        }

        @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
        func aTokenIsReadFromAFileOrACommand() async throws {
            let desk = try Desk()
            let peer = try await HTTPPeer(.mcp2, token: "the-token-of-the-test")
            defer { peer.stop() }
            let file = try desk.folder.write("the-token-of-the-test\n", to: "token.txt")
            #expect(try await desk.run(["list", peer.url, "--auth-token-file", file]).code == 0)
            let command = "cat '\(file)'"
            #expect(try await desk.run(["list", peer.url, "--auth-token-command", command]).code == 0)
            let failing = try await desk.run(["list", peer.url, "--auth-token-command", "sh -c 'echo no >&2; exit 3'"])
            #expect(failing.code == 2, "\(failing)")
            #expect(failing.errors.contains("exited with code 3"))
            let both = ["--auth-token-file", file, "--auth-token-command", command]
            #expect(try await desk.run(["list", peer.url] + both).code == 2)
        }

        @Test(arguments: [TestPeers.fastmcp4, .mcp2, .oauth].filter(\.isAvailable))
        func doctorFindsNothingWrongWithRealServers(_ library: TestPeers) async throws {
            let desk = try Desk()
            let peer: HTTPPeer
            if library == .oauth {
                peer = try await HTTPPeer([library.python, TestPeers.script("servers/oauth_server.py")])
            } else {
                peer = try await Self.start(library, desk)
            }
            defer { peer.stop() }
            let run = try await desk.run(["auth", "doctor", peer.url, "--json"])
            #expect(run.code == 0, "\(run)")
            let report = try run.json()
            #expect(report["problems"]?.array?.isEmpty == true, "\(run)")
            #expect(report["steps"]?.array?.allSatisfy { $0["source"]?.string?.isEmpty == false } == true)
            #expect(!run.description.contains("/register"))

            // As a host, with leave: a client is registered, and its authorization request is accepted.
            let host = try await desk.run(["auth", "doctor", peer.url, "--as", "inspector", "--register"])
            #expect(host.code == 0, "\(host)")
            #expect(host.text.contains("in order for MCP Inspector"), "\(host)")
            #expect(host.text.contains("a redirect back") || host.text.contains("a page for the user"), "\(host)")
            #expect(host.text.contains("was registered at"), "\(host)")

            // A stored token is tried, and never shown; that of an earlier login is replaced.
            for _ in 1...2 { #expect(try await desk.run(["auth", "login", peer.url]).code == 0) }
            #expect(try desk.stored()["authorizations"]?.array?.count == 1)
            let token = try #require(try desk.stored()["authorizations"]?[0]?["access_token"]?.string)
            let stored = try await desk.run(["auth", "doctor", peer.url])
            #expect(stored.code == 0, "\(stored)")
            #expect(stored.text.contains("the token is accepted"), "\(stored)")
            try desk.change("access_token", to: "a-token-of-another-server")
            let refused = try await desk.run(["auth", "doctor", peer.url, "--json"])
            #expect(refused.code == 1, "\(refused)")
            #expect(try refused.json()["problems"]?[0]?["about"] == "token_refused", "\(refused)")
            for run in [stored, refused] { #expect(!run.description.contains(token)) }
            #expect(!refused.description.contains("a-token-of-another-server"))
        }

        @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
        func doctorOfAServerWithoutMetadataNamesTheFix() async throws {
            let desk = try Desk()
            let peer = try await HTTPPeer(.mcp2, token: "the-token-of-the-test")
            defer { peer.stop() }
            let run = try await desk.run(["auth", "doctor", peer.url])
            #expect(run.code == 1, "\(run)")
            #expect(run.text.contains("/.well-known/oauth-protected-resource/mcp"), "\(run)")
            #expect(try await desk.run(["auth", "doctor", peer.url, "--as", "nobody"]).code == 2)
            let unreachable = try await desk.run(["auth", "doctor", "http://127.0.0.1:1/mcp"])
            #expect(unreachable.code == 3 && !unreachable.text.contains("demands the token"), "\(unreachable)")
        }

        @Test(.enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"))
        func aRefreshTokenReplacesALogin() async throws {
            let desk = try Desk()
            let peer = try await HTTPPeer([TestPeers.oauth.python, TestPeers.script("servers/oauth_server.py")])
            defer { peer.stop() }
            #expect(try await desk.run(["auth", "login", peer.url]).code == 0)
            let entry = try #require(try desk.stored()["authorizations"]?.array?.last)
            let client = try #require(entry["client"]?["id"]?.string)
            let refresh = try #require(entry["refresh_token"]?.string)
            let store = ["--auth-store", desk.folder.path("another.json")]
            let options = ["--auth-client-id", client, "--auth-refresh-token", "env:REFRESH"] + store
            let login = try await desk.run(["auth", "login", peer.url] + options, ["REFRESH": refresh])
            #expect(login.code == 0, "\(login)")
            #expect(!login.description.contains(refresh))
            // The successor is stored.
            let another = try JSONValue(parsing: try desk.folder.bytes("another.json"))
            let successor = try #require(another["authorizations"]?[0]?["refresh_token"]?.string)
            #expect(successor != refresh)
            let list = try await desk.run(["auth", "list"] + store)
            #expect(!list.description.contains(successor))
            #expect(try await desk.run(["auth", "login", peer.url, "--auth-refresh-token", "env:REFRESH"]).code == 2)
            let document = ["--auth-client-metadata", "http://example.com/client.json"]
            #expect(try await desk.run(["list", peer.url] + document).code == 2)
        }

        @Test(.enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"))
        func aClientWithItsOwnRedirectURILogsIn() async throws {
            let desk = try Desk()
            let peer = try await HTTPPeer([TestPeers.oauth.python, TestPeers.script("servers/oauth_server.py")])
            defer { peer.stop() }
            let port = try ReservedPort(alsoIPv6: false).port
            let uri = "http://localhost:\(port)/a/path"
            let login = try await desk.run(["auth", "login", peer.url, "--redirect-uri", uri])
            #expect(login.code == 0, "\(login)")
            #expect(try desk.stored()["authorizations"]?[0]?["redirect_uri"]?.string == uri)
            let both = ["--redirect-uri", uri, "--redirect-port", "1"]
            #expect(try await desk.run(["auth", "login", peer.url] + both).code == 2)
            for wrong in ["http://example.com/callback", "no-uri", "https://example.com/callback"] {
                #expect(try await desk.run(["auth", "login", peer.url, "--redirect-uri", wrong]).code == 2, "\(wrong)")
            }
        }

        @Test(
            .enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"),
            arguments: [["--dpop"], ["--dpop", "--nonce"]]
        )
        func aServerThatRequiresBoundTokensIsUsedLikeAnyOther(_ arguments: [String]) async throws {
            let desk = try Desk()
            let script = TestPeers.script("servers/oauth_server.py")
            let log = ["--log", desk.folder.path("log")]
            let peer = try await HTTPPeer([TestPeers.oauth.python, script] + arguments + log)
            defer { peer.stop() }
            #expect(try await desk.run(["auth", "login", peer.url]).code == 0)
            let key = try #require(try desk.stored()["authorizations"]?[0]?["dpop_key"]?.string)
            let call = try await desk.run(["call", peer.url, "greet", "--json"])
            #expect(call.code == 0, "\(call)")
            // Renewed with the same key.
            try desk.change("expires_at", to: 1)
            #expect(try await desk.run(["list", peer.url]).code == 0)
            #expect(try desk.stored()["authorizations"]?[0]?["dpop_key"]?.string == key)
            let doctor = try await desk.run(["auth", "doctor", peer.url, "--json"])
            #expect(try doctor.json()["problems"] == [], "\(doctor)")
            #expect(doctor.text.contains("the token is accepted"))
            let list = try await desk.run(["auth", "list"])
            #expect(list.text.contains("bound to a key (DPoP)"), "\(list)")
            for run in [call, doctor, list] { #expect(!run.description.contains("PRIVATE KEY")) }
            let audit = try await desk.run(["auth", "audit", peer.url])
            #expect(audit.description.contains("the audit sends bearer tokens only"), "\(audit)")
            let proofs = try desk.requests().compactMap { request in
                request["headers"]?.array?.first { $0[0] == "dpop" }?[1]?.string
            }
            #expect(proofs.count > 5 && Set(proofs).count == proofs.count)
        }

        /// A JWT of the key that the server trusts.
        private static func jwt(_ claims: [String: String], _ folder: TemporaryFolder) async throws -> String {
            let script = """
                import json, sys, time
                from joserfc import jwt
                from joserfc.jwk import import_key
                key = import_key(open(sys.argv[1]).read())
                claims = {**json.loads(sys.argv[2]), "exp": int(time.time()) + 60, "jti": sys.argv[3]}
                print(jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, key, algorithms=["ES256"]))
                """
            let members = claims.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
            let id = String(UInt64.random(in: 0...(.max)))
            let program = try await RunningProgram(
                ["-c", script, folder.path("key.pem"), JSONValue.object(JSONObject(members)).description, id],
                executable: TestPeers.oauth.python
            )
            return await program.finish().text.filter { !$0.isNewline }
        }

        /// A private key in PEM, which nothing else uses.
        private static let key = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
            OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
            1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
            -----END PRIVATE KEY-----

            """

        private static func startTrusting(_ desk: Desk) async throws -> HTTPPeer {
            try desk.folder.write(key, to: "key.pem")
            let script = TestPeers.script("servers/oauth_server.py")
            return try await HTTPPeer([TestPeers.oauth.python, script, "--trust", desk.folder.path("key.pem")])
        }

        @Test(.enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"))
        func aWorkloadGetsInByItsAssertion() async throws {
            let desk = try Desk()
            let peer = try await Self.startTrusting(desk)
            defer { peer.stop() }
            let issuer = peer.url.replacing("/mcp", with: "/tenant")
            let jwt = try await Self.jwt(["iss": "platform", "sub": "the-workload", "aud": issuer], desk.folder)
            try desk.folder.write("\(jwt)\n", to: "assertion")
            let options = ["--auth-assertion", "@\(desk.folder.path("assertion"))"]
            let login = try await desk.run(["auth", "login", peer.url] + options)
            #expect(login.code == 0, "\(login)")
            #expect(!login.description.contains(jwt))
            #expect(try await desk.run(["call", peer.url, "greet"]).code == 0)
            // A command authorizes itself, too, and says why a used assertion is refused.
            let second = try await Self.jwt(["iss": "platform", "sub": "the-workload", "aud": issuer], desk.folder)
            let store = ["--auth-store", desk.folder.path("another.json")]
            let variable = ["call", peer.url, "greet", "--auth-assertion", "env:ASSERTION"] + store
            #expect(try await desk.run(variable, ["ASSERTION": second]).code == 0)
            let third = ["list", peer.url, "--json", "--auth-store", desk.folder.path("third.json")] + options
            let used = try await desk.run(third)
            #expect(used.code == 3, "\(used)")
            #expect(used.text.contains("invalid_grant"), "\(used)")
            #expect(!used.description.contains(jwt))
            let both = ["--auth-client-id", "machine", "--auth-refresh-token", "env:ASSERTION"]
            #expect(try await desk.run(variable + both, ["ASSERTION": second]).code == 2)
            #expect(try await desk.run(["list", peer.url, "--auth-assertion", jwt]).code == 2)
        }

        @Test(.enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"))
        func aSignOnAtAnIdentityProviderGetsIn() async throws {
            let desk = try Desk()
            let peer = try await Self.startTrusting(desk)
            defer { peer.stop() }
            let token = try await Self.jwt(["sub": "alice", "aud": "at-the-provider"], desk.folder)
            let options = [
                "--auth-identity-provider", peer.url.replacing("/mcp", with: "/idp/token"),
                "--auth-identity-token", "env:ID_TOKEN", "--auth-identity-client-id", "at-the-provider",
                "--auth-identity-client-secret", "env:IDP_SECRET",
                "--auth-client-id", "machine", "--auth-client-secret", "env:CLIENT_SECRET",
            ]
            let variables = [
                "ID_TOKEN": token, "IDP_SECRET": "provider-secret", "CLIENT_SECRET": "machine-secret",
            ]
            let call = try await desk.run(["call", peer.url, "greet", "--json"] + options, variables)
            #expect(call.code == 0, "\(call)")
            for secret in variables.values { #expect(!call.description.contains(secret)) }
            #expect(try desk.stored()["authorizations"]?[0]?["client"]?["id"] == "machine")
            let login = try await desk.run(["auth", "login", peer.url] + options, variables)
            #expect(login.code == 0, "\(login)")
            let wrong = try await desk.run(
                ["auth", "login", peer.url] + options,
                variables.merging(["IDP_SECRET": "wrong-secret"]) { $1 }
            )
            #expect(wrong.code == 3, "\(wrong)")
            #expect(wrong.description.contains("/idp/token"), "\(wrong)")
            #expect(try await desk.run(["list", peer.url] + options.dropFirst(2), variables).code == 2)
        }
    }
}
