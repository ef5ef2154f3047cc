import JSON
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Tester
import Testing

extension TesterSession {
    /// A session that is connected to a server in this process.
    static func connected(
        to server: CannedServer,
        clock: FakeClock = FakeClock(),
        model: ModelSettings = ModelSettings()
    ) async throws -> TesterSession {
        let session = TesterSession(
            settings: TesterSettings(
                info: Implementation(name: "tester-tests", version: "1"),
                model: model
            ) { _ in server.transport() },
            clock: SystemTesterClock(clock)
        )
        let answer = await session.connect(.init(target: Target(command: "canned")))
        try #require(answer.failure == nil, "\(answer.verdict)")
        return session
    }

    /// A session that is connected to a server that asks.
    ///
    /// - Parameters:
    ///   - policy: How questions are met, kind by kind; asked by default.
    ///   - roots: The root directories that are told without asking.
    ///   - model: The model that answers where the policy says so.
    static func connected(
        to server: InputRequestingServer,
        clock: FakeClock = FakeClock(),
        policy: [String: String] = [:],
        roots: [String]? = nil,
        model: ModelSettings = ModelSettings(),
        principal: Principal = .local,
        directory: ConnectionDirectory = ConnectionDirectory()
    ) async throws -> TesterSession {
        let session = TesterSession(
            settings: TesterSettings(
                info: Implementation(name: "tester-tests", version: "1"),
                model: model
            ) { _ in server.transport() },
            clock: SystemTesterClock(clock),
            principal: principal,
            directory: directory
        )
        var ways = InputPolicy()
        for (kind, way) in policy { try ways.set(kind, way) }
        ways.givenRoots = roots?.map { ["uri": .string($0)] }
        let answer = await session.connect(.init(target: Target(command: "asking"), policy: ways))
        try #require(answer.failure == nil, "\(answer.verdict)")
        return session
    }

    /// A session that is connected to a server whose tools all answer with this result, to the byte.
    static func calling(_ result: String, _ era: CannedServer.Era = .legacy) async throws -> TesterSession {
        try await connected(to: CannedServer(era) { method, _ in method == "tools/call" ? .result(result) : nil })
    }
}
