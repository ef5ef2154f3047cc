public import AsyncRuntime
import JSONRPC
import MCP
public import MCPServer
public import MCPTransport

/// The built-in demo server: every feature of the protocol and, on demand, every failure.
///
/// Its everyday tools, resources and prompts are for newcomers. The fixtures of the official conformance suite are offered
/// on request, because they would hide the others.
public struct DemoServer: Sendable {
    /// The active faults.
    public let faults: Set<Fault>

    /// Whether the fixtures of the conformance suite are offered as well.
    public let includesFixtures: Bool

    let scheduler: any Scheduler
    private let executor: (any TaskExecutor)?
    private let effects: ProcessEffects

    /// Creates a demo server.
    ///
    /// - Parameters:
    ///   - faults: the active faults (default: none).
    ///   - includesFixtures: whether the fixtures of the conformance suite are offered as well (default: no).
    ///   - scheduler: the source of time.
    ///   - executor: runs handlers once they have suspended.
    ///   - effects: what faults do to the process.
    public init(
        faults: Set<Fault> = [],
        includesFixtures: Bool = false,
        scheduler: any Scheduler,
        executor: (any TaskExecutor)? = nil,
        effects: ProcessEffects = .real
    ) {
        self.faults = faults
        self.includesFixtures = includesFixtures
        self.scheduler = scheduler
        self.executor = executor
        self.effects = effects
    }

    /// Creates the server, without the faults that affect messages.
    ///
    /// - Throws: an error if a schema or template is not valid, which tests rule out.
    public func server() throws -> Server {
        var server = Server(
            info: Implementation(
                name: "demo-server",
                version: "1.0.0",
                title: "Demo server",
                description: "An MCP server for experiments and for testing MCP clients."
            ),
            instructions: """
                A server for experiments. Start with the tools echo, add and weather. \
                The tool slow reports progress, and divide shows an error. No tool has an effect outside the server.
                """
        )
        server.logging = .always
        server.cacheLifetime = 60_000
        server.cacheScope = .public
        let hasResources = !faults.contains(.skillCapability)
        let changes = ChangeBus(hasResources ? Set(Change.Kind.allCases) : [.tools, .prompts])
        server.changes = changes
        try addEverydayTools(to: &server)
        if includesFixtures {
            try addFixtureTools(to: &server)
            try addInputFixtures(to: &server)
            try addRoundTripFixtures(to: &server)
            try addTriggers(to: &server, changes)
            try addTaskFixtures(to: &server)
        }
        if hasResources { try addResources(to: &server) }
        addSkills(to: &server)
        addPrompts(to: &server)
        if faults.contains(.badSchema) { addBrokenSchema(to: &server) }
        return server
    }

    /// Returns a factory of conversations with hosts, including the faults that affect messages.
    public func conversations() throws -> MakeConversation {
        let server = try server()
        let conversations = server.conversations(scheduler: scheduler, executor: executor)
        // The HTTP transport implements its faults itself.
        let faults = faults.filter { !$0.isHTTPFault }
        guard !faults.isEmpty else { return conversations }
        return { [scheduler, effects] host in
            let link = FaultyLink(faults: faults, scheduler: scheduler, effects: effects)
            var faulty = host
            faulty.send = { link.send($0, with: host.send) }
            return FaultyConversation(conversations(faulty), link, host: host)
        }
    }

    /// Serves hosts until they disconnect, subject to the active faults.
    public func serve(on transport: any ServerTransport) async throws {
        if faults.contains(.exitAtStart) {
            effects.writeError("demo-server: cannot open settings.json: no such file\n")
            effects.exit(3)
            return
        }
        if faults.contains(.ignoreShutdown) { effects.ignoreTermination() }
        if faults.contains(.stderrFlood) { effects.flood() }
        if faults.contains(.slowStart) { await scheduler.wait(for: .seconds(3)) }
        try await transport.serve(conversations())
        if faults.contains(.ignoreShutdown) { effects.hang() }
    }
}

extension ProcessEffects {
    /// Writes 1 MiB to standard error.
    func flood() {
        let line = String(repeating: "demo-server: this line says nothing, at length. ", count: 21) + "\n"
        for _ in 0..<1041 { writeError(line) }
    }
}
