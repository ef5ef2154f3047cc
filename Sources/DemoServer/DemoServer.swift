public import AsyncRuntime
import JSONRPC
import MCP
public import MCPServer
public import MCPTransport

/// The built-in target: every feature to look at and, on demand, every failure.
///
/// Its everyday tools are what newcomers meet first; those whose names begin with `test_` are the fixtures of the
/// official conformance suite.
public struct DemoServer: Sendable {
    /// How it misbehaves.
    public let faults: Set<Fault>

    let scheduler: any Scheduler
    private let executor: (any TaskExecutor)?
    private let effects: ProcessEffects

    /// Creates a demo server.
    ///
    /// - Parameters:
    ///   - faults: How it misbehaves; not at all by default.
    ///   - scheduler: The source of time for whatever is slow.
    ///   - executor: Where its handlers run on after they have waited.
    ///   - effects: What faults do to the process.
    public init(
        faults: Set<Fault> = [],
        scheduler: any Scheduler,
        executor: (any TaskExecutor)? = nil,
        effects: ProcessEffects = .real
    ) {
        self.faults = faults
        self.scheduler = scheduler
        self.executor = executor
        self.effects = effects
    }

    /// What is served, before faults of the wire.
    ///
    /// - Throws: An error if something registered is not valid, which tests rule out.
    public func server() throws -> Server {
        var info = Implementation(name: "demo-server", version: "1.0.0", title: "Demo server")
        info.description = "Something to try a tester of MCP servers on."
        var server = Server(
            info: info,
            instructions: """
                A server to try things on. Begin with the tools echo, add and weather; \
                slow shows progress and divide an error. Nothing here touches the world outside.
                """
        )
        server.logs = true
        server.cacheLifetime = 60_000
        server.cacheScope = .public
        let changes = ChangeBus(Set(Change.Kind.allCases))
        server.changes = changes
        try addEverydayTools(to: &server)
        try addFixtureTools(to: &server)
        try addAskingFixtures(to: &server)
        try addRoundTripFixtures(to: &server)
        try addTriggers(to: &server, changes)
        try addTaskFixtures(to: &server)
        try addResources(to: &server)
        addPrompts(to: &server)
        if faults.contains(.badSchema) { addBrokenSchema(to: &server) }
        return server
    }

    /// What answers hosts, faults of the wire included.
    public func conversations() throws -> MakeConversation {
        let server = try server()
        let conversations = server.conversations(scheduler: scheduler, executor: executor)
        // Those of HTTP are the transport's: who starts it gives them to it.
        let faults = faults.filter { !$0.isOfHTTP }
        guard !faults.isEmpty else { return conversations }
        return { [scheduler, effects] host in
            let link = FaultyLink(faults: faults, scheduler: scheduler, effects: effects)
            var faulty = host
            faulty.send = { link.answer($0, by: host.send) }
            return FaultyConversation(conversations(faulty), link, host: host)
        }
    }

    /// Serves hosts until they are gone, as far as the faults allow.
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
