import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

/// Servers are often reached by HTTP/2, as behind a proxy: a real library behind a real server of HTTP/2, which speaks
/// nothing else.
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
    func aServerIsUsedAndAsks(_ era: EraChoice) async throws {
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

    /// One connection carries all: what happens to it happens to each exchange, and what to one to no other.
    @Test(arguments: [EraChoice.legacy, .modern])
    func callsAtOnceShareAConnectionAndGetTheirOwnAnswers(_ era: EraChoice) async throws {
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
    func aServerThatDiesWithAQuestionOpenIsToldAsThat(_ era: EraChoice) async throws {
        let client = try await connect(era) { [peer] in peer.stop() }
        let error = try await #require(throws: CallError.self) {
            try await client.callTool("who", arguments: JSONText([:]))
        }
        guard case .broken(let failure) = error.cause else { return #expect(Bool(false), "\(error)") }
        #expect([.broken, .refused].contains(failure.kind), "\(failure)")
        // Usually both; on a machine with much to do a dying process may keep its port for longer than we look.
        let words = ["nobody listens at port \(peer.port)", "the server closed the connection"]
        #expect(words.contains { failure.message.contains($0) }, "\(failure)")
        await client.close()
    }
}
