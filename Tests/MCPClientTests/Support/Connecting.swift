import AsyncRuntime
import ChildProcesses
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPStdio
import MCPTransport
import TestSupport

/// Who the tests say they are.
let testerInfo = Implementation(name: "client-tests", version: "1")

extension ConnectionLimits {
    /// A grace that never runs out on a loaded machine, so that it is the server's answer that decides.
    static let patient = ConnectionLimits(connect: .seconds(100), probeGrace: .seconds(50))
    /// No grace: the handshake follows the probe at once, whatever the server does.
    static let pipelined = ConnectionLimits(connect: .seconds(100), probeGrace: .zero)
}

extension Client {
    /// Connects to the scripted server as a child process.
    static func connect(
        to server: FaultyServer,
        era: EraChoice = .auto,
        limits: ConnectionLimits = .patient,
        lists: ListLimits = ListLimits(),
        tap: (@Sendable (TappedTransport) -> Void)? = nil
    ) async throws(ConnectFailure) -> Client {
        var options = ClientOptions(era: era, info: testerInfo, limits: limits)
        options.listLimits = lists
        return try await connect(
            command: .init(executable: FaultyServer.python, arguments: server.arguments),
            options: options,
            tap: tap
        )
    }

    /// Connects to a child process; each transport that is opened is shown to the tap.
    static func connect(
        command: ChildProcess.Command,
        options: ClientOptions,
        scheduler: any Scheduler = PollLoop.shared,
        tap: (@Sendable (TappedTransport) -> Void)? = nil
    ) async throws(ConnectFailure) -> Client {
        try await connect(options: options, scheduler: scheduler) {
            let transport = TappedTransport(StdioClientTransport(command))
            tap?(transport)
            return transport
        }
    }

    /// Connects to a server in this process.
    static func connect(
        to server: CannedServer,
        era: EraChoice = .auto,
        limits: ConnectionLimits = ConnectionLimits(),
        lists: ListLimits = ListLimits(),
        clock: FakeClock = FakeClock()
    ) async throws(ConnectFailure) -> Client {
        var options = ClientOptions(era: era, info: testerInfo, limits: limits)
        options.listLimits = lists
        return try await connect(options: options, scheduler: clock) { server.transport() }
    }
}
