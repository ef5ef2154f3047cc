import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPHTTPClient
import MCPStdio
import TestSupport
import Tester
import Testing

/// Reports that name the cause instead of the symptom.
@Suite(.timeLimit(.minutes(15)))
struct AdviceTests {
    @Test("arguments that the schema does not allow, but that the tool accepted, are a finding")
    func acceptedArgumentsAreAFinding() async throws {
        let server = CannedServer { method, _ in
            switch method {
            case "tools/list":
                .result(#"{"tools":[{"name":"t","inputSchema":{"type":"object","additionalProperties":false}}]}"#)
            case "tools/call": .result(#"{"content":[{"type":"text","text":"fine"}]}"#)
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        let answer = await session.callTool("t", arguments: JSONText(["nonsense": 1])).json
        let findings = (answer["findings"]?.array ?? []).compactMap { $0["message"]?.string }
        #expect(
            findings == [
                "The tool accepted arguments that its input schema does not allow: unknown argument `nonsense` (none is allowed)."
            ],
            "\(answer)"
        )
    }

    @Test("an earlier request that is still open is named after a timeout")
    func anEarlierRequestIsNamed() async throws {
        let clock = FakeClock()
        let server = CannedServer { method, _ in
            switch method {
            case "tools/call": .silence
            case "ping": .result("{}")
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server, clock: clock)
        for (name, isSecond) in [("one", false), ("two", true)] {
            async let answer = session.callTool(name).json
            _ = try await server.inbox.next("tools/call")
            _ = await session.raw(.method("no/such", params: nil))
            clock.advance(by: .seconds(600))
            let message = await answer["error"]?["message"]?.string ?? ""
            #expect(message.contains("The server still answers ping."), "\(message)")
            #expect(message.contains("An earlier request is still open: tools/call \"one\".") == isSecond, "\(message)")
        }
    }

    @Test("after a changed list the call is checked against the new one, and the difference is reported")
    func aChangedListIsCheckedAgain() async throws {
        let notification = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
        let server = CannedServer { method, _ in
            switch method {
            case "tools/list": .result(#"{"tools":[{"name":"t","inputSchema":{"type":"object"},"outputSchema":{}}]}"#)
            case "tools/call":
                .frames([
                    notification,
                    #"{"jsonrpc":"2.0","id":<id>,"result":{"content":[],"structuredContent":{"a":1}}}"#,
                ])
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        for _ in 0..<2 {
            let answer = await session.callTool("t").json
            #expect(answer["checks"] == ["arguments": "passed", "output": "passed"], "\(answer)")
            #expect(answer["lists_changed"] == ["tools"])
            #expect(answer["verdict"]?.string?.contains("(listed again: no difference)") == true)
        }
    }

    @Test("a response that is not UTF-8 fails once, and the byte is named", .enabled(if: FaultyServer.isAvailable))
    func aResponseThatIsNotUTF8Fails() async throws {
        let bench = try await TestBench()
        _ = await bench.connect(try FaultyServer("invalid-utf8"), era: .legacy)
        let answer = await bench.call()
        #expect(answer.outcome == "FAIL", "\(answer)")
        let message = answer["error"]?["message"]?.string ?? ""
        #expect(
            message
                == "The response is not valid UTF-8: byte 0xFF after \"before\", probably \"ÿ\" in Latin-1 or Windows-1252.",
            "\(message)"
        )
        #expect(answer["error"]?["suggestion"]?.string?.contains("PYTHONUTF8=1") == true)
        #expect(answer["findings"] == nil)
        try await bench.close()
    }

    @Test("a subscription that the server does not declare is refused before anything is sent")
    func anUndeclaredSubscriptionIsNotSent() async throws {
        let server = CannedServer { method, _ in
            method == "initialize"
                ? .result(#"{"protocolVersion":"2025-11-25","capabilities":{"resources":{}}}"#) : nil
        }
        let session = try await TesterSession.connected(to: server)
        let answer = await session.subscribe(toResources: ["a:b"], lists: true).json
        #expect(
            answer["error"]?["details"]?["undeclared"]
                == ["resources.subscribe", "listChanged of tools, prompts or resources"],
            "\(answer)"
        )
        #expect(try !server.methods().contains("resources/subscribe"))
    }

    // MARK: - HTTP

    @Test("a refused token is reported as refused, with the server's words", .enabled(if: TestPeers.mcp2.isAvailable))
    func aRefusedTokenIsReported() async throws {
        let peer = try await HTTPPeer(.mcp2, token: "right")
        var target = try Target(HTTPEndpoint(url: peer.url))
        target.authorize(bearer: "wrong")
        let answer = await session().connect(.init(target: target)).json
        let message = answer["error"]?["message"]?.string ?? ""
        #expect(message.contains("the server rejected the credentials (invalid_token: "), "\(answer)")
        #expect(answer["error"]?["suggestion"]?.string?.hasPrefix("Check the token") == true)
    }

    @Test("after a 404 the usual places are looked at", .enabled(if: TestPeers.mcp2.isAvailable))
    func theUsualPlacesAreLookedAt() async throws {
        let peer = try await HTTPPeer(.mcp2)
        let base = String(peer.url.dropLast("/mcp".count))
        let wrong = await session().connect(.init(target: try Target(HTTPEndpoint(url: base + "/api")))).json
        #expect(wrong["error"]?["suggestion"]?.string == "Connect to \(base)/mcp.", "\(wrong)")
        #expect(wrong["error"]?["details"]?["usual_places"]?.object?.keys == ["/mcp", "/sse", "/"])
    }

    private func session() -> TesterSession {
        var settings = TesterSettings(info: Implementation(name: "t", version: "1")) { target in
            target.transport(scheduler: clock)
        }
        settings.looksAtUsualPlaces = true
        return TesterSession(settings: settings, clock: clock)
    }

    private let clock = SystemTesterClock(PollLoop.shared)
}
