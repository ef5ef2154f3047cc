import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Testing

/// Over HTTP the status and the body together decide the era of a server.
@Suite(.timeLimit(.minutes(5)))
struct EraByExchangeTests {
    /// The responses of a server to the probe and to the handshake, and the verdict.
    struct Row: CustomTestStringConvertible, Sendable {
        typealias Answer = ScriptedExchanges.Response

        let testDescription: String
        var discover: Answer
        var initialize = Answer.legacyGreeting()
        var asked: [String]
        var verdict: Verdict

        init(
            _ name: String,
            _ discover: Answer,
            _ initialize: Answer = .legacyGreeting(),
            asked: [String],
            _ verdict: Verdict
        ) {
            testDescription = name
            self.discover = discover
            self.initialize = initialize
            self.asked = asked
            self.verdict = verdict
        }
    }

    enum Verdict: Sendable, Equatable {
        case modern
        case legacy
        case transport(TransportFailure.Kind)
        case rejected(Int)
        case version
    }

    private static let probe = ["server/discover"]
    private static let probes = ["server/discover", "server/discover"]
    private static let shaken = ["server/discover", "initialize", "notifications/initialized"]
    private static let refused = ["server/discover", "initialize"]

    static let rows: [Row] = [
        Row("200 with a modern revision", .modernGreeting(), asked: probe, .modern),
        Row("200 with revisions of both eras", .modernGreeting(#"["2025-11-25","2026-07-28"]"#), asked: probe, .modern),
        Row("200 with only legacy revisions", .modernGreeting(#"["2025-06-18"]"#), asked: shaken, .legacy),
        Row("200 with only unknown revisions", .modernGreeting(#"["2099-01-01"]"#), asked: shaken, .legacy),
        Row("200 without supportedVersions", .result("{}"), asked: shaken, .legacy),
        Row(
            "400 and -32022 with a common revision, then taken",
            .unsupported(#"["2026-07-28"]"#),
            asked: probes,
            .modern
        ),
        Row("400 and -32022 with only legacy revisions", .unsupported(#"["2025-11-25"]"#), asked: shaken, .legacy),
        Row("400 and -32022 with only unknown revisions", .unsupported(#"["2099-01-01"]"#), asked: probe, .version),
        Row("400 and -32022 without a list", .error(-32022, status: 400), asked: probe, .rejected(-32022)),
        Row("400 and -32020", .error(-32020, status: 400), asked: probe, .modern),
        Row("400 and -32021", .error(-32021, status: 400), asked: probe, .modern),
        Row("401", .failure(.unauthorized, status: 401), asked: probe, .transport(.unauthorized)),
        Row("403", .failure(.forbidden, status: 403), asked: probe, .transport(.forbidden)),
        Row("401 with a message", .error(-32600, status: 401), asked: probe, .transport(.unauthorized)),
        Row("403 with a message", .error(-32000, status: 403), asked: probe, .transport(.forbidden)),
        Row("400 without a message", .failure(.status, status: 400), asked: shaken, .legacy),
        Row("404 without a message", .failure(.status, status: 404), asked: shaken, .legacy),
        Row("405 without a message", .failure(.status, status: 405), asked: shaken, .legacy),
        Row("406 without a message", .failure(.status, status: 406), asked: shaken, .legacy),
        Row("400 with a page", .failure(.content, status: 400), asked: shaken, .legacy),
        Row("200 with a page", .failure(.content, status: 200), asked: shaken, .legacy),
        Row("202 with nothing", .failure(.content, status: 202), asked: shaken, .legacy),
        Row("404 and -32601", .error(-32601, status: 404), asked: shaken, .legacy),
        Row("200 and -32601", .error(-32601), asked: shaken, .legacy),
        Row("400 and -32602", .error(-32602, status: 400), asked: shaken, .legacy),
        Row("400 and -32600", .error(-32600, status: 400), asked: shaken, .legacy),
        Row("400 and -32000", .error(-32000, status: 400), asked: shaken, .legacy),
        Row("200 and a code of its own", .error(7), asked: shaken, .legacy),
        Row("a message that is no response", .message(#"{"jsonrpc":"2.0","id":<id>}"#), asked: shaken, .legacy),
        Row("500 with a message", .error(-32603, status: 500), asked: probe, .rejected(-32603)),
        Row("503 without a message", .failure(.status, status: 503), asked: probe, .transport(.status)),
        Row("502 with a page", .failure(.content, status: 502), asked: probe, .transport(.content)),
        Row("nobody listens", .failure(.refused), asked: probe, .transport(.refused)),
        Row("no such host", .failure(.unknownHost), asked: probe, .transport(.unknownHost)),
        Row("no TLS", .failure(.tls), asked: probe, .transport(.tls)),
        Row("302", .failure(.redirected, status: 302), asked: probe, .transport(.redirected)),
        Row("an answer that breaks off", .failure(.broken, status: 200), asked: probe, .transport(.broken)),
        Row(
            "a handshake refused with a modern revision",
            .error(-32601),
            .unsupported(#"["2026-07-28"]"#),
            asked: refused + probe,
            .rejected(-32601)
        ),
        Row("a handshake refused", .error(-32601), .error(-32600, status: 400), asked: refused, .rejected(-32600)),
        Row(
            "a handshake that fails on the network",
            .error(-32601),
            .failure(.broken),
            asked: refused,
            .transport(.broken)
        ),
        Row(
            "401 at the handshake",
            .error(-32601),
            .error(-32600, status: 401),
            asked: refused,
            .transport(.unauthorized)
        ),
        Row("500 at the handshake", .error(-32601), .error(-32603, status: 500), asked: refused, .rejected(-32603)),
    ]

    @Test(arguments: rows)
    func theStatusDecidesWithTheBody(_ row: Row) async throws {
        let exchanges = ScriptedExchanges { frame, earlier in
            switch frame.head.method {
            case .serverDiscover where earlier == 0: row.discover
            // A server that named a revision takes it when it is asked again, unless it named it only in the handshake.
            case .serverDiscover: row.asked.contains("initialize") ? row.discover : .modernGreeting()
            default: row.initialize
            }
        }
        #expect(await verdict(of: exchanges) == row.verdict)
        #expect(exchanges.methods == row.asked)
    }

    private func verdict(of exchanges: ScriptedExchanges, era: EraChoice = .auto) async -> Verdict {
        do throws(ConnectFailure) {
            let client = try await Client.connect(over: exchanges, era: era)
            #expect(exchanges.settled == client.revision)
            return client.revision.era == .modern ? .modern : .legacy
        } catch {
            #expect(exchanges.isClosed)
            switch error.cause {
            case .transport(let failure):
                // What the transport knows comes whole.
                #expect(!failure.evidence.members.isEmpty)
                return .transport(failure.kind)
            case .rejected(let error): return .rejected(error.code)
            case .version: return .version
            default:
                Issue.record("\(error)")
                return .version
            }
        }
    }

    @Test func aServerThatRefusesTheHandshakeAsModernIsProbedAgain() async throws {
        let exchanges = ScriptedExchanges { frame, earlier in
            switch frame.head.method {
            case .serverDiscover: earlier == 0 ? .failure(.status, status: 404) : .modernGreeting()
            default: .unsupported(#"["2026-07-28"]"#)
            }
        }
        #expect(await verdict(of: exchanges) == .modern)
        #expect(exchanges.methods == ["server/discover", "initialize", "server/discover"])
    }

    @Test func eachStepHasItsStatus() async throws {
        let exchanges = ScriptedExchanges.legacy()
        let client = try await Client.connect(over: exchanges)
        #expect(client.verdict.steps.map(\.status) == [400, 200])
        #expect(client.verdict.steps.map(\.request) == ["server/discover at 2026-07-28", "initialize at 2025-11-25"])
    }

    @Test(arguments: [
        (EraChoice.legacy, ["initialize", "notifications/initialized"], Verdict.legacy),
        (.pinned(.v2025_03_26), ["initialize", "notifications/initialized"], .legacy),
        (.modern, ["server/discover"], .modern), (.pinned(.v2026_07_28), ["server/discover"], .modern),
    ])
    func aRequestedEraIsNotProbed(_ era: EraChoice, _ asked: [String], _ expected: Verdict) async throws {
        let exchanges = ScriptedExchanges { frame, _ in
            frame.head.method == .serverDiscover
                ? .modernGreeting() : .legacyGreeting(era == .legacy ? "2025-11-25" : "2025-03-26")
        }
        #expect(await verdict(of: exchanges, era: era) == expected)
        #expect(exchanges.methods == asked)
    }

    @Test func aPinnedModernRevisionFailsWithTheServersStatus() async throws {
        let exchanges = ScriptedExchanges { _, _ in .error(-32600, status: 401) }
        #expect(await verdict(of: exchanges, era: .modern) == .transport(.unauthorized))
    }

    @Test func aSilentProbeLeavesTimeForTheHandshake() async throws {
        let clock = FakeClock()
        let exchanges = ScriptedExchanges { frame, _ in
            frame.head.method == .serverDiscover ? .silence : .legacyGreeting()
        }
        async let connecting = Client.connect(over: exchanges, clock: clock)
        await clock.untilPending(1)
        clock.advance(by: .seconds(10))
        #expect(try await connecting.revision == .latestLegacy)
        #expect(exchanges.abandoned == [1])
    }

    @Test func theConnectLimitIncludesProbeAndHandshake() async throws {
        let clock = FakeClock()
        let exchanges = ScriptedExchanges { _, _ in .silence }
        let connecting = Task { () throws(ConnectFailure) in try await Client.connect(over: exchanges, clock: clock) }
        for count in 1...2 {
            await exchanges.untilSent(count)
            await clock.untilPending(1)
            clock.advance(by: .seconds(count == 1 ? 10 : 20))
        }
        let failure = try await #require(throws: ConnectFailure.self) { try await connecting.value }
        guard case .timeout(.seconds(30)) = failure.cause else { return #expect(Bool(false), "\(failure)") }
    }
}
