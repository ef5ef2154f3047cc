import ChildProcesses
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPStdio
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// Servers with faults during connecting.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct HandshakeFaultTests {
    private static let handshake = ["initialize", "notifications/initialized"]

    // MARK: - Faults that connecting survives

    @Test func aServerThatIgnoresTheProbeGetsTheHandshakeOnTheSameConnection() async throws {
        let server = try FaultyServer("silent-on-unknown")
        let client = try await Client.connect(to: server, limits: .pipelined)
        #expect(client.revision == .v2025_11_25)
        #expect(
            client.verdict.reason == "the server answered initialize before server/discover"
        )
        #expect(client.verdict.steps.map(\.request) == ["server/discover", "initialize at 2025-11-25"])
        await client.close()
        // The probe must not be cancelled.
        #expect(try server.methods() == ["server/discover"] + Self.handshake)
    }

    @Test func aServerThatExitsOnTheProbeIsRestartedWithoutIt() async throws {
        let server = try FaultyServer("die-on-unknown")
        let client = try await Client.connect(to: server)
        #expect(client.revision == .v2025_11_25)
        #expect(
            client.verdict.reason
                == "the server closed the connection on server/discover, so it was restarted without it"
        )
        #expect(client.verdict.steps.map(\.outcome) == ["the server exited with code 1", "answered with 2025-11-25"])
        await client.close()
        #expect(try server.methods() == ["server/discover"] + Self.handshake)
    }

    @Test func aServerThatExitsOnTheProbeDuringTheHandshakeIsRestarted() async throws {
        let server = try FaultyServer("die-on-unknown")
        let client = try await Client.connect(to: server, limits: .pipelined)
        #expect(client.revision == .v2025_11_25)
        #expect(try await client.callTool("echo", arguments: JSONText(["message": "hi"])).result["content"] != nil)
        await client.close()
        #expect(try server.methods().suffix(3) == Self.handshake + ["tools/call"])
    }

    @Test func aSlowLegacyServerGetsOneHandshake() async throws {
        let server = try FaultyServer("slow-start", options: ["--seconds", "0.3"])
        let client = try await Client.connect(to: server, limits: .pipelined)
        #expect(client.revision == .v2025_11_25)
        await client.close()
        #expect(try server.methods() == ["server/discover"] + Self.handshake)
    }

    /// What it does with the handshake depends on its speed; ``OddGreetingTests`` covers both orders.
    @Test(arguments: [FaultyServer.Era.modern, .dual])
    func aSlowModernServerIsUsedInTheModernEra(_ era: FaultyServer.Era) async throws {
        let server = try FaultyServer("slow-start", era: era, options: ["--seconds", "0.3"])
        let client = try await Client.connect(to: server, limits: .pipelined)
        #expect(client.revision == .v2026_07_28)
        #expect(try await client.callTool("echo", arguments: JSONText(["message": "hi"])).result["content"] != nil)
        await client.close()
        #expect(try server.methods().first == "server/discover")
        #expect(try !server.methods().contains("notifications/initialized"))
    }

    @Test(arguments: FaultyServer.Era.allCases)
    func aBannerOnStandardOutputIsReportedAndSkipped(_ era: FaultyServer.Era) async throws {
        let client = try await Client.connect(to: FaultyServer("banner", era: era))
        #expect(client.revision.era == (era == .legacy ? .legacy : .modern))
        #expect(client.link.transcript.noise.count == 2)
        #expect(client.link.observations.since(0).filter(\.kind.isFault).count == 2)
        await client.close()
    }

    // MARK: - Faults that end connecting

    @Test(arguments: [EraChoice.auto, .legacy])
    func anUnknownRevisionIsRefused(_ era: EraChoice) async throws {
        let failure = try await self.failure("wrong-version", era: era)
        guard case .version(let offered, let wanted) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(offered == ["1999-01-01"])
        #expect(wanted == "2025-11-25")
        #expect(failure.steps.last?.outcome == "answered with 1999-01-01")
    }

    @Test(arguments: [EraChoice.auto, .legacy])
    func anErrorInTheHandshakeIsThrown(_ era: EraChoice) async throws {
        let failure = try await self.failure("initialize-error", era: era)
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error == RPCError(code: -32603, message: "the database is locked", data: ["path": "data.db"]))
        #expect(failure.steps.last?.request == "initialize at 2025-11-25")
    }

    @Test(arguments: [EraChoice.auto, .legacy, .modern])
    func aServerThatFailsAtStartIsReportedWithItsStandardError(_ era: EraChoice) async throws {
        let failure = try await self.failure("exit-at-once", era: era, options: ["--code", "4"])
        guard case .ended(let end) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(end.cause == .crashed)
        #expect(end.evidence["exit_code"] == 4)
        #expect(end.evidence["stderr_tail"] == ["error: cannot open data.db"])
    }

    @Test func anOrderlyExitBeforeTheHandshakeIsNotACrash() async throws {
        let failure = try await self.failure("exit-at-once", era: .auto, options: ["--code", "0"])
        guard case .ended(let end) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(end.cause == .closedByServer)
    }

    @Test(arguments: [EraChoice.auto, .legacy, .modern])
    func aSilentServerEndsConnectingAtTheLimit(_ era: EraChoice) async throws {
        let clock = FakeClock()
        let failure = try await self.failure("silent", era: era, clock: clock) { tap, server in
            _ = await tap.sent.next()
            // While it starts, the probe's time does not run out.
            try await server.untilReading()
            await clock.untilPending(era == .auto ? 2 : 1)
            clock.advance(by: .seconds(29))
            // The handshake follows the probe after the grace; the limit holds for both.
            if era == .auto { _ = await tap.sent.next() }
            clock.advance(by: .seconds(1))
        }
        guard case .timeout(let limit) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(limit == .seconds(30))
        #expect(failure.link?.transcript.noise.count == 0)
        #expect(failure.link?.end != nil, "the process is not needed any more")
    }

    @Test(arguments: [EraChoice.auto, .legacy, .modern])
    func garbageEndsConnectingAtTheLimitAndIsKept(_ era: EraChoice) async throws {
        let clock = FakeClock()
        let failure = try await self.failure("garbage", era: era, clock: clock) { tap, _ in
            _ = await tap.received.next()
            await clock.untilPending(era == .auto ? 2 : 1)
            clock.advance(by: .seconds(29))
            if era == .auto { _ = await tap.received.next() }
            clock.advance(by: .seconds(1))
        }
        guard case .timeout = failure.cause else { return #expect(Bool(false), "\(failure)") }
        let noise = failure.link?.transcript.noise.first.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(noise?.first == "<html>502 Bad Gateway</html>")
    }

    @Test func anUnknownCommandIsATransportFailure() async throws {
        let failure = try await #require(throws: ConnectFailure.self) {
            try await Client.connect(
                command: .init(executable: "no-such-command-anywhere"),
                options: ClientOptions(info: testerInfo)
            )
        }
        guard case .transport(let problem) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(problem.kind == .spawn)
        #expect(problem.message.contains("no-such-command-anywhere"))
    }

    @Test(arguments: [EraChoice.auto, .legacy, .modern])
    func cancellingTheTaskCancelsConnectingAndEndsTheServer(_ era: EraChoice) async throws {
        let taps = AsyncStream<TappedTransport>.makeStream()
        let server = try FaultyServer("silent")
        let task = Task {
            try await Client.connect(to: server, era: era) { taps.continuation.yield($0) }
        }
        var iterator = taps.stream.makeAsyncIterator()
        let tap = try #require(await iterator.next())
        _ = await tap.sent.next()
        task.cancel()
        let failure = try await #require(throws: ConnectFailure.self) { try await task.value }
        guard case .cancelled = failure.cause else { return #expect(Bool(false), "\(failure)") }
        try await tap.end.wait()
        // Source: cancellation, legacy revisions: initialize must not be cancelled.
        #expect(try tap.sent.allJSON().map { $0["method"] } == [era == .legacy ? "initialize" : "server/discover"])
    }

    // MARK: - Steps

    private func failure(
        _ fault: String,
        era: EraChoice,
        options: [String] = []
    ) async throws -> ConnectFailure {
        let server = try FaultyServer(fault, options: options)
        return try await #require(throws: ConnectFailure.self) { try await Client.connect(to: server, era: era) }
    }

    /// Connects on a clock that the closure moves once it has seen what it waits for.
    private func failure(
        _ fault: String,
        era: EraChoice,
        clock: FakeClock,
        _ drive: @escaping @Sendable (TappedTransport, FaultyServer) async throws -> Void
    ) async throws -> ConnectFailure {
        let server = try FaultyServer(fault)
        let command = ChildProcess.Command(executable: FaultyServer.python, arguments: server.arguments)
        let options = ClientOptions(era: era, info: testerInfo)
        let taps = AsyncStream<TappedTransport>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var iterator = taps.stream.makeAsyncIterator()
                if let tap = await iterator.next() { try await drive(tap, server) }
            }
            return try await #require(throws: ConnectFailure.self) {
                try await Client.connect(command: command, options: options, scheduler: clock) {
                    taps.continuation.yield($0)
                }
            }
        }
    }
}
