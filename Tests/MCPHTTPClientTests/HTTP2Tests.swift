import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

/// A real library behind a real server that supports only HTTP/2, as servers behind a proxy often do.
@Suite(.serialized, .enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"), .timeLimit(.minutes(5)))
struct HTTP2Tests {
    private let folder: TemporaryFolder
    private let peer: HTTPPeer

    init() async throws {
        folder = try TemporaryFolder()
        let certificate = try folder.write(TestCertificate.trusted.certificate, to: "certificate.pem")
        let key = try folder.write(TestCertificate.trusted.key, to: "key.pem")
        let script = TestPeers.script("servers/mcp2_asking.py")
        peer = try await HTTPPeer([TestPeers.mcp2.python, script, "--http", "0", "--h2", certificate, key])
    }

    private func connect(
        _ era: EraChoice,
        asked: @escaping @Sendable () -> Void = {}
    ) async throws(ConnectFailure) -> Client {
        let clock = FakeClock()
        var options = ClientOptions(era: era, info: Implementation(name: "h2-tests", version: "1"))
        options.input[.elicitation] = { (_) throws(InputRefusal) in
            asked()
            return ["action": "accept", "content": ["name": "Ada"]]
        }
        let tls = TLSChoice(authorities: folder.path("certificate.pem"))
        return try await Client.connect(options: options, scheduler: clock) { [peer] in
            HTTPClientTransport.make(HTTPEndpoint(url: peer.url, tls: tls), scheduler: clock)
        }
    }

    @Test(arguments: [EraChoice.legacy, .modern])
    func serverIsUsedAndRequestsInput(_ era: EraChoice) async throws {
        let client = try await connect(era)
        #expect(await client.list(.tools).shortfall == nil)
        let result = try await client.callTool("who", arguments: JSONText([:]))
        #expect(result.result["content"]?.elements?.first?["text"]?.string == "accept Ada", "\(result.result)")
        let exchange = client.link.transport.evidence(of: result.id)
        #expect(exchange?["http_version"] == "2")
        #expect(exchange?["connection"] == "reused")
        #expect(exchange?["remote_address"] == "127.0.0.1:\(peer.port)", "\(exchange ?? [:])")
        let first = client.link.transport.evidence(of: 1)
        #expect(first?["connection"] == "new")
        #expect(first?["timings_ms"]?["connect_with_tls"] != nil, "\(first ?? [:])")
        let faults = client.link.observations.since(0).filter(\.kind.isFault).map(\.kind.description)
        #expect(faults == [])
        await client.close()
    }

    /// A fault of the shared connection affects every exchange, a fault of one exchange only itself.
    @Test(arguments: [EraChoice.legacy, .modern])
    func concurrentCallsShareAConnectionAndGetTheirOwnResponses(_ era: EraChoice) async throws {
        let client = try await connect(era)
        let names = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        let result = try await client.callTool("who", arguments: JSONText([:]))
                        return result.result["content"]?.elements?.first?["text"]?.string
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(names == Array(repeating: "accept Ada", count: 20))
        await client.close()
    }

    @Test(arguments: [EraChoice.legacy, .modern])
    func serverThatExitsDuringAnInputRequestIsReported(_ era: EraChoice) async throws {
        let client = try await connect(era) { [peer] in peer.stop() }
        let error = try await #require(throws: CallError.self) {
            try await client.callTool("who", arguments: JSONText([:]))
        }
        guard case .broken(let failure) = error.cause else { return #expect(Bool(false), "\(error)") }
        #expect([.broken, .refused].contains(failure.kind), "\(failure)")
        // Usually both. On a busy machine an exiting process may keep its port open for longer than the probe waits.
        let words = ["nothing is listening on", "the server closed the connection"]
        #expect(words.contains { failure.message.contains($0) }, "\(failure)")
        await client.close()
    }
}
