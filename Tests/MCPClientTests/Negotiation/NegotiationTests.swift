import JSON
import JSONRPC
import MCP
import MCPClient
import TestSupport
import Testing

/// Which revision each server and each choice leads to, and what was sent to the server.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct NegotiationTests {
    private static let handshake = ["initialize", "notifications/initialized"]

    // MARK: - Finding out

    @Test func aLegacyServerGetsTheHandshakeAfterItRefusedTheProbe() async throws {
        let server = try FaultyServer(era: .legacy)
        let client = try await Client.connect(to: server)
        #expect(client.revision == .v2025_11_25)
        #expect(client.verdict.reason == "server/discover was answered with error -32601, as legacy servers do")
        #expect(client.verdict.steps.map(\.request) == ["server/discover at 2026-07-28", "initialize at 2025-11-25"])
        #expect(client.verdict.steps.last?.outcome == "answered with 2025-11-25")
        #expect(try await methods(server, after: client) == ["server/discover"] + Self.handshake)
    }

    @Test(arguments: [FaultyServer.Era.modern, .dual])
    func aServerThatAnswersTheProbeGetsNoHandshake(_ era: FaultyServer.Era) async throws {
        let server = try FaultyServer(era: era)
        let client = try await Client.connect(to: server)
        #expect(client.revision == .v2026_07_28)
        #expect(client.verdict.reason == "the server answered server/discover and offers 2026-07-28")
        #expect(client.verdict.steps.map(\.outcome) == ["answered: 2026-07-28"])
        #expect(client.serverInfo?.name == "scripted")
        #expect(try await methods(server, after: client) == ["server/discover"])
    }

    @Test(arguments: [Revision.v2024_11_05, .v2025_03_26, .v2025_06_18])
    func anOlderRevisionOfTheServerIsUsed(_ revision: Revision) async throws {
        let client = try await Client.connect(
            to: FaultyServer(era: .legacy, options: ["--revision", revision.wireName])
        )
        #expect(client.revision == revision)
        #expect(client.verdict.steps.last?.outcome == "answered with \(revision.wireName)")
        await client.close()
    }

    // MARK: - By choice

    @Test(arguments: [FaultyServer.Era.legacy, .dual])
    func legacySendsOnlyTheHandshake(_ era: FaultyServer.Era) async throws {
        let server = try FaultyServer(era: era)
        let client = try await Client.connect(to: server, era: .legacy)
        #expect(client.revision == .latestLegacy)
        #expect(client.verdict.reason == "legacy was requested")
        #expect(try await methods(server, after: client) == Self.handshake)
    }

    @Test(arguments: [FaultyServer.Era.modern, .dual])
    func modernSendsNoHandshake(_ era: FaultyServer.Era) async throws {
        let server = try FaultyServer(era: era)
        let client = try await Client.connect(to: server, era: .modern)
        #expect(client.revision == .latest)
        #expect(client.verdict.reason == "modern was requested")
        #expect(try await methods(server, after: client) == ["server/discover"])
    }

    @Test(arguments: Revision.allCases)
    func aPinnedRevisionIsUsed(_ revision: Revision) async throws {
        let server = try FaultyServer(era: .dual)
        let client = try await Client.connect(to: server, era: .pinned(revision))
        #expect(client.revision == revision)
        #expect(client.verdict.reason == "\(revision.wireName) was requested")
        let first = try #require(try server.log().first?["params"])
        let asked = first["protocolVersion"] ?? first["_meta"]?["io.modelcontextprotocol/protocolVersion"]
        #expect(asked?.string == revision.wireName)
        #expect(
            try await methods(server, after: client) == (revision.era == .legacy ? Self.handshake : ["server/discover"])
        )
    }

    // MARK: - No common ground

    @Test func legacyFailsWithAModernServer() async throws {
        let server = try FaultyServer(era: .modern)
        let failure = try await #require(throws: ConnectFailure.self) {
            try await Client.connect(to: server, era: .legacy)
        }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32601)
        #expect(try server.methods() == ["initialize"])
    }

    @Test func modernFailsWithALegacyServer() async throws {
        let server = try FaultyServer(era: .legacy)
        let failure = try await #require(throws: ConnectFailure.self) {
            try await Client.connect(to: server, era: .modern)
        }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32601)
        #expect(failure.steps.map(\.request) == ["server/discover at 2026-07-28"])
        #expect(try server.methods() == ["server/discover"])
    }

    @Test func aPinnedRevisionThatTheServerLacksFailsWithItsOffer() async throws {
        let server = try FaultyServer(era: .legacy, options: ["--revision", "2024-11-05"])
        let failure = try await #require(throws: ConnectFailure.self) {
            try await Client.connect(to: server, era: .pinned(.v2025_06_18))
        }
        guard case .version(let offered, let wanted) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(offered == ["2024-11-05"])
        #expect(wanted == "2025-06-18")
        #expect(try server.methods() == ["initialize"])
    }

    /// The methods that the server got in the end, which all have come once it has ended.
    private func methods(_ server: FaultyServer, after client: Client) async throws -> [String] {
        await client.close()
        return try server.methods()
    }
}
