import JSON
import JSONRPC
import MCP
import MCPClient
import TestSupport
import Testing

/// Error -32022 and the revisions that it names.
///
/// Source: 2026-07-28, versioning, "Protocol version negotiation".
@Suite(.timeLimit(.minutes(15)))
struct UnsupportedRevisionTests {
    @Test func aServerThatNamesOnlyLegacyRevisionsGetsTheHandshake() async throws {
        let server = Self.refusing(#"["2025-11-25","2025-06-18"]"#)
        let client = try await Client.connect(to: server)
        #expect(client.revision == .v2025_11_25)
        #expect(client.verdict.reason == "the server named only revisions with a handshake")
        #expect(try server.methods() == ["server/discover", "initialize", "notifications/initialized"])
    }

    @Test(arguments: [EraChoice.auto, .modern])
    func aServerThatNamesOnlyUnknownRevisionsFailsWithItsOffer(_ era: EraChoice) async throws {
        let server = Self.refusing(#"["2031-01-01"]"#)
        let failure = try await #require(throws: ConnectFailure.self) { try await Client.connect(to: server, era: era) }
        guard case .version(let offered, let wanted) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(offered == ["2031-01-01"])
        #expect(wanted == "2026-07-28")
        #expect(try server.methods() == ["server/discover"])
    }

    @Test(arguments: [EraChoice.auto, .modern, .pinned(.v2026_07_28)])
    func aServerThatNamesTheRefusedRevisionIsProbedOnceMore(_ era: EraChoice) async throws {
        let server = Self.refusing(#"["2026-07-28"]"#)
        let failure = try await #require(throws: ConnectFailure.self) { try await Client.connect(to: server, era: era) }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32022)
        #expect(try server.methods() == ["server/discover", "server/discover"])
    }

    @Test func theErrorOfALaterRequestIsThrownWithItsData() async throws {
        let server = CannedServer(.modern) { method, _ in
            method == "tools/call"
                ? .error(#"{"code":-32022,"message":"not that one","data":{"supported":["2031-01-01"],"extra":1e400}}"#)
                : nil
        }
        let client = try await Client.connect(to: server)
        let failure = try await #require(throws: CallError.self) { try await client.callTool("any") }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32022)
        #expect(error.data?.description == #"{"supported":["2031-01-01"],"extra":1e400}"#)
    }

    private static func refusing(_ supported: String) -> CannedServer {
        CannedServer(.legacy) { method, _ in
            guard method == "server/discover" else { return nil }
            let data = #"{"supported":\#(supported),"requested":"2026-07-28"}"#
            return .error(#"{"code":-32022,"message":"Unsupported protocol version","data":\#(data)}"#)
        }
    }
}
