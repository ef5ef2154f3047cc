import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

/// Resumption with the protocol's reference library.
@Suite(.timeLimit(.minutes(5)), .enabled(if: TestPeers.mcp1.isAvailable, "\(TestPeers.absence)"))
struct RealResumptionTests {
    @Test
    func callSucceedsAfterTheServerClosesItsStream() async throws {
        let peer = try await HTTPPeer(.mcp1, .resumable)
        let transport = HTTPClientTransport(HTTPEndpoint(url: peer.url), scheduler: FakeClock(isEager: true))
        let ledger = Ledger()
        try await transport.open(ledger)
        let revision = Revision.v2025_11_25
        let greeting: JSONValue = [
            "protocolVersion": .string(revision.wireName), "capabilities": [:],
            "clientInfo": ["name": "test", "version": "1"],
        ]
        try transport.send(.request(1, .initialize, params: greeting))
        #expect(try await Self.answer(1, ledger)["result"] != nil)
        transport.settled(on: revision)
        try transport.send(.notification(.initialized))
        try transport.send(.request(2, .toolsCall, params: ["name": "interrupted", "arguments": [:]]))
        #expect(try await Self.answer(2, ledger)["result"]?["content"] != nil)
        let evidence = try #require(transport.evidence(of: 2))
        #expect(evidence["resumed"] != nil, "the stream was resumed")
        await transport.close()
    }

    private static func answer(_ id: Int, _ ledger: Ledger) async throws -> JSONValue {
        while true {
            switch await ledger.next() {
            case .frame(let text, _):
                let frame = try JSONValue(parsing: Array(text.utf8))
                if frame["id"] == .number(JSONNumber(id)), frame["method"] == nil { return frame }
            case .failure, .end: throw Unexpected(ledger)
            case .event, .fault: continue
            }
        }
    }
}

extension OutgoingFrame {
    /// A request with parameters.
    fileprivate static func request(_ id: Int, _ method: Method, params: JSONValue) -> OutgoingFrame {
        var head = FrameHead()
        head.method = method
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": .number(JSONNumber(id)), "method": .string(method.rawValue), "params": params,
        ]
        return OutgoingFrame(bytes: Array("\(message)".utf8), request: .integer(Int64(id)), head: head)
    }
}
