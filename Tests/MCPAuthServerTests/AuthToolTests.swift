import AsyncRuntime
import JSON
import MCP
import MCPAuth
import MCPServer
import TestSupport
import Tester
import TesterServer
import Testing

@testable import MCPAuthServer

/// The tools for authorization, as an assistant uses them.
@Suite(.timeLimit(.minutes(5)))
struct AuthToolTests {
    /// A host of the tester with a set of tools.
    private static func host(_ tools: String = "auth") async throws -> ScriptedHost {
        let clock = SystemTesterClock(SystemScheduler.shared)
        let settings = TesterSettings(info: Implementation(name: "mcp-test-mcp", version: "9")) {
            $0.transport(scheduler: clock)
        }
        let sessions = TesterSessions(settings: settings, clock: clock)
        let server = try TesterServer.make(sessions, tools: try #require(ToolSet(rawValue: tools)))
        let host = ScriptedHost { link in ServerSession(server, scheduler: clock, host: link) }
        _ = try await host.ask(
            "initialize",
            [
                "protocolVersion": "2025-11-25", "capabilities": [:],
                "clientInfo": ["name": "host", "version": "1"],
            ]
        )
        host.notify("notifications/initialized")
        return host
    }

    /// The result of a call: the text as an assistant reads it, and everything.
    private static func call(
        _ tool: String,
        _ arguments: JSONObject,
        of host: ScriptedHost
    ) async throws -> (text: JSONValue, all: JSONValue) {
        let params: JSONObject = ["name": .string(tool), "arguments": .object(arguments)]
        let result = try #require(try await host.ask("tools/call", params)["result"])
        let text = try #require(result["content"]?[0]?["text"]?.string)
        return (try JSONValue(parsing: text), try #require(result["structuredContent"]))
    }

    @Test("diagnose_auth names the fault first, shows no step that is sound, and counts them")
    func diagnosis() async throws {
        try await Protected.run([.otherResource]) { server in
            let host = try await Self.host()
            let (text, all) = try await Self.call("diagnose_auth", ["url": .string(server.url)], of: host)
            #expect(text["verdict"]?.string?.hasPrefix("FAIL: ") == true, "\(text)")
            #expect(text["problems"]?.array?.map { $0["about"] } == ["resource_mismatch"])
            #expect(text["steps"] == nil)
            #expect(all["steps"]?.array?.count ?? 0 > 5)
            #expect(text["examined"]?["fault"] == 1)
            #expect(text["examined"]?["ok"]?.int ?? 0 > 5)
            #expect(text["error"]?["suggestion"]?.string?.contains(server.url) == true, "\(text)")
        }
        try await Protected.run { server in
            let host = try await Self.host()
            let (text, _) = try await Self.call(
                "diagnose_auth",
                ["url": .string(server.url), "host": "inspector", "register": true],
                of: host
            )
            #expect(text["verdict"]?.string?.hasPrefix("PASS: ") == true, "\(text)")
            #expect(text["problems"] == [])
        }
    }

    @Test("audit_auth with an issuer makes every check, and shows only what is wrong")
    func audit() async throws {
        // Free again at once, for the issuer.
        let place = try ScriptedHTTPServer { _ in }
        place.stop()
        let port = place.port
        let key = SigningKey.generate()
        let folder = try TemporaryFolder()
        try folder.write(key.pem, to: "key.pem")
        let issuer = "http://127.0.0.1:\(port)"
        for fault in [nil, AuthFault.acceptsWrongAudience] {
            try await Protected.trusting(issuer, faults: fault.map { [$0] } ?? []) { url in
                let host = try await Self.host()
                let (text, all) = try await Self.call(
                    "audit_auth",
                    [
                        "url": .string(url),
                        "issuer": [
                            "port": JSONValue(port), "key_file": .string(folder.path("key.pem")), "scope": "use",
                        ],
                    ],
                    of: host
                )
                let rows = text["audit"]?.array ?? []
                let wrong = rows.filter { $0["verdict"] != "inconclusive" }.map { $0["check"] }
                #expect(wrong == (fault == nil ? [] : ["wrong-audience"]), "\(text)")
                #expect(
                    rows.compactMap { $0["verdict"] == "inconclusive" ? $0["check"]?.string : nil } == [
                        "after-revocation"
                    ]
                )
                #expect(all["audit"]?.array?.count == 14)
                // As in every other tool: an error is there exactly if there is no success.
                #expect(all["success"] == .bool(fault == nil) && (all["error"] == nil) == (fault == nil), "\(text)")
                #expect(text["counts"]?["ok"] == (fault == nil ? 13 : 12))
                #expect(text["issuer"]?["keys"] == .string("\(issuer)/oauth/keys"))
                #expect(!all.description.contains("eyJ"))
            }
        }
    }

    @Test("an audit with another key works at once, and a refusal is explained by its status")
    func newKey() async throws {
        // Free again at once, for the issuer.
        let place = try ScriptedHTTPServer { _ in }
        place.stop()
        let issuer = "http://127.0.0.1:\(place.port)"
        let port = JSONValue(place.port)
        try await Protected.trusting(issuer, faults: [.forbiddenWithoutScope]) { url in
            let host = try await Self.host()
            for _ in 1...2 {
                let arguments: JSONObject = ["url": .string(url), "issuer": ["port": port, "scope": "use"]]
                let (text, all) = try await Self.call("audit_auth", arguments, of: host)
                #expect(all["success"] == true, "\(text)")
                #expect(
                    text["next_step"]?.string?.hasPrefix("Look at the warning of missing-scope: ") == true,
                    "\(text)"
                )
            }
            let arguments: JSONObject = ["url": .string(url), "issuer": ["port": port]]
            let (text, all) = try await Self.call("audit_auth", arguments, of: host)
            let error = try #require(text["error"])
            let reason = "403 without a challenge, so that a client does not learn which scopes it needs"
            #expect(error["message"]?.string?.contains(reason) == true, "\(error)")
            let advice = "Give the test tokens the scope \"use\", which the server requires: `scope` of `issuer`."
            #expect(error["suggestion"] == .string(advice), "\(error)")
            let row = all["audit"]?.array?.first { $0["check"] == "missing-scope" }
            #expect(row?["verdict"] == "warning", "\(all)")
            let other: JSONObject = ["port": port, "audience": "https://other.example", "scope": "use"]
            let (untrusted, _) = try await Self.call(
                "audit_auth",
                ["url": .string(url), "issuer": .object(other)],
                of: host
            )
            let suggestion = try #require(untrusted["error"]?["suggestion"]?.string)
            #expect(suggestion.hasPrefix("Let the server trust the issuer"), "\(suggestion)")
            #expect(suggestion.contains("the key of an earlier audit"), "\(suggestion)")
        }
    }

    @Test("audit_auth with a token says what the other checks need")
    func auditWithToken() async throws {
        try await Protected.run([.acceptsUnsigned]) { server in
            let client: JSONObject = [
                "type": "oauth", "client_id": .string(DemoIssuer.machine.id),
                "client_secret": .string(DemoIssuer.machine.secret),
            ]
            let host = try await Self.host()
            let arguments: JSONObject = ["url": .string(server.url), "auth": .object(client), "revoke": true]
            let (text, all) = try await Self.call("audit_auth", arguments, of: host)
            #expect(text["verdict"]?.string?.contains("alg-none") == true, "\(text)")
            #expect(text["audit"]?.array?.filter { $0["verdict"] == "fault" }.map { $0["check"] } == ["alg-none"])
            let unproven = text["audit"]?.array?.first { $0["verdict"] == "inconclusive" }
            #expect(unproven?.object?.keys == ["check", "verdict", "needed"], "\(text)")
            #expect(!all.description.contains(DemoIssuer.machine.secret))
            let both = try await Self.call(
                "audit_auth",
                ["url": "http://127.0.0.1:1", "auth": "t", "issuer": ["port": 0]],
                of: host
            )
            #expect(both.text["error"]?["message"]?.string?.contains("`issuer` excludes `auth`") == true)
        }
    }

    @Test("audit_auth without a token fails, says once what its checks need, and names no option of the command line")
    func auditWithoutToken() async throws {
        try await Protected.run { server in
            let host = try await Self.host()
            let (text, all) = try await Self.call("audit_auth", ["url": .string(server.url)], of: host)
            #expect(text["success"] == false && text["failure_class"] == "auth", "\(text)")
            #expect(text["error"]?["suggestion"]?.string?.contains("Log in with connect_to_server") == true, "\(text)")
            let rows = try #require(text["audit"]?.array)
            #expect(rows.count == 1 && rows[0]["needed"] == "a token that the server accepts", "\(text)")
            #expect(rows[0]["check"]?.string?.hasPrefix("expired, not-yet-valid, ") == true, "\(text)")
            #expect(all["audit"]?.array?.count == 14)
            #expect(!all.description.contains("--"), "\(all)")
        }
    }

    @Test("audit_auth and diagnose_auth use the token of a connection to the same URL")
    func tokenOfTheConnection() async throws {
        try await Protected.run { server in
            let host = try await Self.host()
            let mint = try #require(server.issuer).mint
            let order = TokenMint.Order(
                subject: "user",
                client: "client",
                audience: server.url,
                scopes: ScopeSet([DemoIssuer.scope]),
                issuedAt: Protected.now()
            )
            let token = try mint.sign(mint.claims(order))
            let url = JSONValue.string(server.url)
            let connection: JSONObject = ["url": url, "auth": .string(token)]
            let (_, connected) = try await Self.call("connect_to_server", connection, of: host)
            #expect(connected["success"] == true, "\(connected)")
            let (_, audit) = try await Self.call("audit_auth", ["url": url], of: host)
            let sound = audit["audit"]?.array?.filter { $0["verdict"] == "ok" }.map { $0["check"] }
            #expect(sound?.contains("alg-none") == true, "\(audit)")
            #expect(!audit.description.contains(token) && !audit.description.contains("--"), "\(audit)")
            let (_, diagnosis) = try await Self.call("diagnose_auth", ["url": url], of: host)
            #expect(diagnosis.description.contains("the token is accepted"), "\(diagnosis)")
        }
    }

    @Test("after a 401, the advice names diagnose_auth only to those who have it", arguments: ["auth", "all", "core"])
    func advice(_ tools: String) async throws {
        try await Protected.run { server in
            let host = try await Self.host(tools)
            let (text, _) = try await Self.call("connect_to_server", ["url": .string(server.url)], of: host)
            let advice = try #require(text["error"]?["suggestion"]?.string)
            #expect(advice.contains("call diagnose_auth for \(server.url)") == (tools == "auth"), "\(advice)")
            #expect(
                advice.contains("run mcp-test-mcp auth doctor \(server.url)") == (tools != "auth"),
                "\(advice)"
            )
            #expect(advice.contains("mcp-test-mcp auth login \(server.url)"), "\(advice)")
        }
    }

    @Test("each definition costs at most 195 tokens of four bytes")
    func definitions() async throws {
        let host = try await Self.host()
        let tools = try #require(try await host.ask("tools/list")["result"]?["tools"]?.array)
        for name in ["diagnose_auth", "audit_auth"] {
            let tool = try #require(tools.first { $0["name"] == .string(name) })
            #expect(tool.description.utf8.count <= 4 * 195, "\(tool.description.utf8.count): \(tool)")
        }
    }
}
