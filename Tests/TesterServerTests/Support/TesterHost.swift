import AsyncRuntime
import HostConfiguration
import JSON
import JSONRPC
import MCP
import MCPServer
import MCPTransport
import Synchronization
import TestSupport
import Tester
import Testing

@testable import TesterServer

/// The tester as a server whose targets are in this process, and the taps on the ways to them.
struct TesterUnderTest: Sendable {
    let server: Server
    let sessions: TesterSessions
    /// The default view of results.
    let view: ReportView
    let clock = FakeClock()
    private let taps = Taps()

    /// Creates it; the target answers as the closure says.
    init(
        view: ReportView = ReportView(),
        defaultToken: String? = nil,
        surroundings: HostSurroundings? = nil,
        tools: ToolSet = .all,
        target: @escaping @Sendable (_ method: String, _ message: JSONValue) -> CannedServer.Reply? = { _, _ in nil }
    ) throws {
        let canned = CannedServer(reply: target)
        try self.init(
            view: view,
            defaultToken: defaultToken,
            surroundings: surroundings,
            tools: tools,
            transport: { canned.transport() }
        )
    }

    /// Creates it; targets are reached as the closure says.
    init(
        view: ReportView = ReportView(),
        defaultToken: String? = nil,
        surroundings: HostSurroundings? = nil,
        tools: ToolSet = .all,
        targetClock: (any Scheduler)? = nil,
        transport: @escaping @Sendable () -> InMemoryTransport
    ) throws {
        let taps = taps
        var settings = TesterSettings(
            info: Implementation(name: "mcp-test-mcp", version: "9.9"),
            view: view,
            defaultToken: defaultToken
        ) { target in taps.add(TappedTransport(transport()), to: target) }
        self.view = view
        if let surroundings { settings.surroundings = { surroundings } }
        sessions = TesterSessions(settings: settings, clock: SystemTesterClock(targetClock ?? clock))
        server = try TesterServer.make(sessions, tools: tools)
    }

    /// The tap on the target that was connected last.
    var tap: TappedTransport {
        get throws { try #require(taps.all.last) }
    }

    /// The target that was connected last.
    var target: Target {
        get throws { try #require(taps.targets.last) }
    }

    private final class Taps: Sendable {
        private let state = Mutex<[(tap: TappedTransport, target: Target)]>([])

        var all: [TappedTransport] { state.withLock { $0.map(\.tap) } }
        var targets: [Target] { state.withLock { $0.map(\.target) } }

        func add(_ tap: TappedTransport, to target: Target) -> TappedTransport {
            state.withLock { $0.append((tap, target)) }
            return tap
        }
    }
}

extension ToolSet {
    /// Every tool that there is.
    static let everything = ToolSet(base: .all, additions: Set(Addition.allCases))
}

/// A host of the tester, in one of the eras.
struct TesterHost: Sendable {
    enum Era: CaseIterable {
        case legacy
        case modern
    }

    let wire: ScriptedHost
    private let view: ReportView
    private let era: Era
    private let capabilities: JSONObject

    /// Opens a conversation with the tester.
    ///
    /// - Parameters:
    ///   - principal: On whose behalf the host asks.
    ///   - span: How long the conversation goes on; over HTTP in the modern era, for one request.
    ///   - capabilities: What the host declares.
    ///   - revision: The revision of the handshake.
    init(
        _ tester: TesterUnderTest,
        _ era: Era = .legacy,
        principal: Principal = .local,
        span: HostLink.Span = .session,
        capabilities: JSONObject = [:],
        revision: String = "2025-11-25"
    ) async throws {
        view = tester.view
        self.era = era
        self.capabilities = capabilities
        wire = ScriptedHost { link in
            var host = link
            host.principal = principal
            host.span = span
            return ServerSession(tester.server, scheduler: tester.clock, host: host)
        }
        guard era == .legacy else { return }
        let about: JSONObject = [
            "protocolVersion": .string(revision), "capabilities": .object(capabilities),
            "clientInfo": ["name": "host", "version": "1"],
        ]
        _ = try await wire.ask("initialize", about)
        wire.notify("notifications/initialized")
    }

    /// Asks for the tools and gives them as they are listed.
    func tools() async throws -> [JSONValue] {
        let answer = try await wire.ask("tools/list", params([:]))
        return try #require(answer["result"]?["tools"]?.array)
    }

    /// The tools as the tester lists them.
    private static let declared = Result {
        try DeclaredTools(TesterTool.all(servedOver: "stdio").map(\.description.jsonValue))
    }

    /// Calls a tool of the tester and gives the result, which must be as the tool declares it.
    @discardableResult
    func call(_ tool: String, _ arguments: JSONObject = [:]) async throws -> JSONValue {
        try checked(try await wire.ask("tools/call", callParams(tool, arguments)), of: tool, arguments)
    }

    /// The object of the answer to a call that was sent before.
    func answer(to id: RequestID, of tool: String) async throws -> JSONValue? {
        try checked(try await wire.answer(to: id), of: tool)["structuredContent"]
    }

    /// The result of a call, which must be as the tool declares it.
    func checked(_ answer: JSONValue, of tool: String, _ arguments: JSONObject = [:]) throws -> JSONValue {
        let result = try #require(answer["result"], "\(answer)")
        // Input requests that the host answers itself have no result yet.
        guard result["resultType"] != "input_required" else { return result }
        let problems = try Self.declared.get().problems(
            in: result,
            of: tool,
            .object(arguments),
            isVerbose: view.isVerbose,
            tokens: view.tokens
        )
        #expect(problems.isEmpty, "\(problems): \(result)")
        return result
    }

    /// Calls a tool and gives the object of its answer.
    func answer(_ tool: String, _ arguments: JSONObject = [:]) async throws -> JSONValue {
        try #require(try await call(tool, arguments)["structuredContent"])
    }

    /// The parameters of a call in the host's era.
    func callParams(_ tool: String, _ arguments: JSONObject) -> JSONObject {
        params(["name": .string(tool), "arguments": .object(arguments)])
    }

    func params(_ params: JSONObject) -> JSONObject {
        guard era == .modern else { return params }
        var params = params
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": ["name": "host", "version": "1"],
            "io.modelcontextprotocol/clientCapabilities": .object(capabilities),
        ]
        return params
    }
}
