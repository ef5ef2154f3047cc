import JSON
import MCPHTTPClient
import Synchronization
import TestSupport
import Tester
import Testing

/// What is sent and what came back, to the byte; and the comparison of results.
struct InspectionTests {
    private func session(_ era: CannedServer.Era = .legacy) async throws -> (TesterSession, CannedServer) {
        let count = Mutex(0)
        let server = CannedServer(era) { method, message in
            switch method {
            case "tools/call":
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                let text = #"{\"at\": \"2026-01-0\#(number)T00:00:00Z\", \"count\": \#(number)}"#
                return .result(#"{"content": [{"type": "text", "text": "\#(text)"}]}"#)
            case "resources/read": return .result(#"{"contents": [{"uri": "a:b", "text": "same"}]}"#)
            case "odd/method": return .error(#"{"code": -32602, "message": "odd"}"#)
            default: return nil
            }
        }
        return (try await TesterSession.connected(to: server), server)
    }

    @Test(arguments: [CannedServer.Era.legacy, .modern])
    func requestIsShownWithoutBeingSent(_ era: CannedServer.Era) async throws {
        let (session, server) = try await session(era)
        let before = try server.methods().count
        let report = await session.inspect(.request(.method("odd/method", params: ["a": 1]), isSent: false)).json
        let text = try #require(report["request"]?["text"]?.string)
        let message = try JSONValue(parsing: text)
        #expect(message["method"] == "odd/method" && message["params"]?["a"] == 1, "\(report)")
        #expect((message["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] != nil) == (era == .modern))
        #expect(try server.methods().count == before)
        // The shown id is the one that the request then has.
        let sent = await session.inspect(.request(.method("odd/method", params: ["a": 1]), isSent: true)).json
        #expect(sent["request"]?["text"]?.string == text)
        #expect(try server.methods().count == before + 1)
        await session.close()
    }

    @Test
    func sentRequestHasTheFramesThatCameBack() async throws {
        let (session, _) = try await session()
        let result = await session.inspect(.request(.method("resources/read", params: ["uri": "a:b"]), isSent: true))
            .json
        #expect(result["success"] == true && result["result"]?["contents"]?[0]?["text"] == "same", "\(result)")
        let frame = result["response"]?["frames"]?[0]?["text"]?.string ?? ""
        #expect(frame.contains(#""text": "same""#), "\(result)")
        let failed = await session.inspect(.request(.method("odd/method", params: nil), isSent: true)).json
        #expect(
            failed["success"] == false && failed["response"]?["frames"]?[0]?["text"]?.string?.contains("-32602") == true
        )
        let bytes = await session.inspect(.request(.bytes(Array("{broken".utf8)), isSent: true)).json
        #expect(bytes["request"]?["text"] == "{broken", "\(bytes)")
        #expect(bytes["response"]?["frames"]?[0]?["text"]?.string?.contains("-32700") == true, "\(bytes)")
        await session.close()
    }

    @Test
    func pastExchangesAreListedAndShown() async throws {
        let (session, _) = try await session()
        _ = await session.readResource("a:b")
        let list = await session.inspect(.exchanges).json
        let exchange = try #require(list["exchanges"]?.array?.last)
        #expect(
            exchange["method"] == "resources/read" && exchange["subject"] == "a:b" && exchange["outcome"] == "result"
        )
        let number = try #require(exchange["exchange"]?.int)
        let shown = await session.inspect(.exchange(number)).json
        #expect(shown["request"]?["text"]?.string?.contains(#""a:b""#) == true, "\(shown)")
        #expect(shown["response"]?["frames"]?[0]?["text"]?.string?.contains("same") == true)
        let unknown = await session.inspect(.exchange(999)).json
        #expect(unknown["error"]?["message"]?.string?.contains("no exchange 999") == true, "\(unknown)")
        await session.close()
    }

    @Test
    func callNowAndEarlierDiffersOnlyInRealValues() async throws {
        let (session, _) = try await session()
        _ = await session.callTool("count")
        let list = await session.inspect(.exchanges).json
        let number = try #require(list["exchanges"]?.array?.last?["exchange"]?.int)
        let report = await session.compare(.earlierRequest, with: .exchange(number)).json
        #expect(report["identical"] == false, "\(report)")
        #expect(report.outcome == "FAIL" && report["success"] == true)
        #expect(report["differences"]?.array?.count == 1, "\(report)")
        #expect(report["differences"]?[0]?["at"] == "/result/content/0/text", "\(report)")
        #expect(report["differences"]?[0]?["within"] == "/count")
        #expect(report["volatile"]?[0]?["volatile"] == "timestamp", "\(report)")
        let same = await session.compare(.resource("a:b"), with: .exchange(number)).json
        #expect(same["identical"] == false)
        await session.close()
    }

    @Test
    func sameResultOfTwoConnectionsIsIdentical() async throws {
        let (session, server) = try await session()
        let other = await session.connect(.init(target: Target(command: "canned"), name: "other"))
        try #require(other.failure == nil)
        let same = await session.compare(.resource("a:b"), with: .connection("other"), on: "default").json
        #expect(same["identical"] == true && same.outcome == "PASS", "\(same)")
        #expect(same["compared"] == ["old": "\"default\" (2025-11-25)", "new": "\"other\" (2025-11-25)"])
        #expect(try server.methods().filter { $0 == "resources/read" }.count == 2)
        let unknown = await session.compare(.resource("a:b"), with: .connection("nope"), on: "default").json
        #expect(unknown["error"]?["error_type"] == "not_connected", "\(unknown)")
        let itself = await session.compare(.resource("a:b"), with: .connection("other"), on: "other").json
        #expect(itself["error"]?["message"]?.string?.contains("Both connections") == true, "\(itself)")
        let errors = await session.compare(.prompt("x", arguments: nil), with: .connection("other"), on: "default").json
        #expect(errors["verdict"]?.string?.contains("same error") == true, "\(errors)")
        await session.close()
    }

    @Test
    func secretsAreNotInLoggedFrames() throws {
        var target = Target(command: "x", environment: ["API_KEY": "sk-4711-secret", "PLAIN": "visible"])
        var redaction = FrameRedaction(of: target)
        let frame =
            #"{"params": {"password": "p4ss", "note": "sk-4711-secret visible", "progressToken": 7, "list": [{"api_key": "k"}]}}"#
        let shown = redaction.redact(frame: Array(frame.utf8))
        #expect(!shown.contains("p4ss") && !shown.contains("4711") && !shown.contains("\"k\""), "\(shown)")
        #expect(shown.contains("visible") && shown.contains("7"), "\(shown)")
        target = try Target(
            HTTPEndpoint(url: "http://h/mcp", headers: [HTTPField("Authorization", "Bearer tok-12345")])
        )
        redaction = FrameRedaction(of: target)
        #expect(!redaction.redact(frame: Array("broken tok-12345".utf8)).contains("tok-12345"))
    }
}
