import JSON
import MCP
import MCPClient
import Synchronization
import TestSupport
import Testing

/// Unusual responses to the opening requests.
@Suite(.timeLimit(.minutes(15)))
struct OddGreetingTests {
    @Test(arguments: [-32020, -32021])
    func anErrorThatOnlyModernServersHaveDecidesForModern(_ code: Int) async throws {
        let server = CannedServer { method, _ in
            method == "server/discover" ? .error(#"{"code":\#(code),"message":"no"}"#) : nil
        }
        let client = try await Client.connect(to: server)
        #expect(client.revision == .v2026_07_28)
        #expect(client.verdict.reason == "the server answered with a modern error: no (code \(code))")
        #expect(try server.methods() == ["server/discover"])
    }

    @Test(arguments: [#"{}"#, #"{"supportedVersions":[]}"#, #"{"supportedVersions":["2025-11-25"]}"#])
    func aDiscoveryWithoutAModernRevisionLeadsToTheHandshake(_ result: String) async throws {
        let server = CannedServer { method, _ in method == "server/discover" ? .result(result) : nil }
        let client = try await Client.connect(to: server)
        #expect(client.revision == .v2025_11_25)
        #expect(client.verdict.reason == "server/discover named no modern revision that the client speaks")
    }

    // MARK: - Both opening requests on one connection

    @Test(arguments: [true, false])
    func aRefusedHandshakeDecidesForModernInEitherOrder(_ isRefusedFirst: Bool) async throws {
        let refused = #"{"jsonrpc":"2.0","id":<id>,"error":{"code":-32601,"message":"no handshake"}}"#
        let answers = isRefusedFirst ? [refused, Self.discovered] : [Self.discovered, refused]
        let server = Self.slow(.frames(answers))
        let client = try await connectAfterTheGrace(server)
        #expect(client.revision == .v2026_07_28)
        #expect(client.verdict.reason == "the server answered server/discover and offers 2026-07-28")
        #expect(try server.methods() == ["server/discover", "initialize"])
    }

    @Test func aServerThatAcceptsProbeAndHandshakeIsRestartedWithTheProbeOnly() async throws {
        let shaken = #"{"jsonrpc":"2.0","id":<id>,"result":{"protocolVersion":"2025-11-25","capabilities":{}}}"#
        let server = Self.slow(.frames([Self.discovered, shaken]))
        let client = try await connectAfterTheGrace(server)
        #expect(client.revision == .v2026_07_28)
        #expect(
            client.verdict.reason
                == "the server answered server/discover and accepted initialize as well, so it was restarted and sent "
                + "only server/discover"
        )
        #expect(try server.methods() == ["server/discover", "initialize", "server/discover"])
    }

    private static let discovered =
        #"{"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28"],"capabilities":{}}}"#

    /// A server that answers its first probe only when the handshake has come; later ones at once.
    private static func slow(_ answers: CannedServer.Reply) -> CannedServer {
        let isFirst = Atomic(true)
        return CannedServer(.modern) { method, _ in
            switch method {
            case "server/discover": isFirst.exchange(false, ordering: .relaxed) ? .silence : nil
            case "initialize": answers
            default: nil
            }
        }
    }

    private func connectAfterTheGrace(_ server: CannedServer) async throws -> Client {
        let clock = FakeClock()
        async let connecting = Client.connect(to: server, clock: clock)
        _ = try await server.inbox.next("server/discover")
        // The limit of the probe, and the end of its grace.
        await clock.untilPending(2)
        clock.advance(by: .milliseconds(300))
        return try await connecting
    }

    // MARK: - Invalid handshakes

    @Test(arguments: [#"{}"#, #"{"protocolVersion":7}"#, #"null"#, #""2025-11-25""#])
    func aHandshakeWithoutARevisionIsMalformed(_ result: String) async throws {
        let server = CannedServer { method, _ in method == "initialize" ? .result(result) : nil }
        let failure = try await #require(throws: ConnectFailure.self) {
            try await Client.connect(to: server, era: .legacy)
        }
        guard case .malformed(let reason) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(reason.contains("protocolVersion"))
        #expect(try server.methods() == ["initialize"], "a handshake that failed is not finished")
    }

    @Test func aGreetingThatBreaksItsSchemaIsUsedAndItsProblemsAreListed() async throws {
        let server = CannedServer { method, _ in
            method == "initialize" ? .result(#"{"protocolVersion":"2025-11-25"}"#) : nil
        }
        let client = try await Client.connect(to: server, era: .legacy)
        #expect(client.greetingProblems.count == 2, "\(client.greetingProblems)")
        #expect(client.greeting.description == #"{"protocolVersion":"2025-11-25"}"#)
    }

    @Test func aHandshakeWithAnIDOfTheWrongTypeFailsAtOnce() async throws {
        let server = CannedServer { method, _ in
            method == "initialize"
                ? .frames([#"{"jsonrpc":"2.0","id":"<id>","result":{"protocolVersion":"2025-11-25"}}"#]) : nil
        }
        let failure = try await #require(throws: ConnectFailure.self) {
            try await Client.connect(to: server, era: .legacy)
        }
        guard case .malformed(let reason) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(reason.contains("ids keep their JSON type"))
    }
}
