import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Testing

/// What a transport knows of a failure reaches the caller whole.
@Suite(.timeLimit(.minutes(5)))
struct BrokenExchangeTests {
    @Test func aBrokenExchangeFailsItsRequestWithAllFacts() async throws {
        let exchanges = ScriptedExchanges.modern { frame, _ in
            frame.head.method == .toolsCall ? .failure(.content, status: 200) : .result(#"{"resultType":"complete"}"#)
        }
        let client = try await Client.connect(over: exchanges)
        let failure = try await #require(throws: CallError.self) { try await client.callTool("a") }
        guard case .broken(let broken) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(broken.kind == .content)
        #expect(broken.evidence["kind"]?.string == "content")
        #expect(failure.request == exchanges.sent.last?.bytes)
        #expect("\(failure)" == "the exchange broke")
        _ = try await client.ping()
    }

    @Test func aListSaysWhichPageFailedAndWhy() async throws {
        let exchanges = ScriptedExchanges.legacy { _, _ in .failure(.broken) }
        let listing = await (try Client.connect(over: exchanges)).list(.tools)
        guard case .failed(let error) = listing.shortfall, case .broken(let broken) = error.cause else {
            return #expect(Bool(false), "\(listing)")
        }
        #expect(broken.kind == .broken)
    }

    @Test func anUnsendableRequestFailsWithTheTransportsError() async throws {
        let exchanges = ScriptedExchanges.legacy()
        let client = try await Client.connect(over: exchanges)
        await client.close()
        let failure = try #require(throws: TransportFailure.self) { try client.post(raw: Array("{}".utf8)) }
        #expect(failure.kind == .closed)
    }

    @Test func aBrokenTransportRuleIsObservedWithItsFacts() async throws {
        let exchanges = ScriptedExchanges.legacy()
        let client = try await Client.connect(over: exchanges)
        let mark = client.link.observations.count
        exchanges.tell(.fault("JSON came as text/plain", request: 2, evidence: ["status": 200]))
        let noted = try #require(client.link.observations.since(mark).first)
        guard case .transportFault(let text, let request, let evidence) = noted.kind else {
            return #expect(Bool(false), "\(noted)")
        }
        #expect(text == "JSON came as text/plain" && request == 2 && evidence["status"]?.description == "200")
        #expect(noted.kind.isFault)
    }
}
