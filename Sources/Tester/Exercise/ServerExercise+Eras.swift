import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPTransport

/// The other era of the protocol, and the end of the server.
extension ServerExercise {
    private static let connectLimit = Duration.seconds(15)

    /// Connects in the other era, and compares what the server offers there.
    mutating func tryOtherEra() async {
        let client = connection.client
        let isModern = client.revision.era == .modern
        let what = isModern ? "the legacy era" : "the stateless era"
        switch connection.request.era ?? session.settings.era {
        case .auto: break
        case .legacy, .modern, .pinned: return omit(what, "the protocol was given")
        }
        guard client.link.transport.kind != .sse else { return omit(what, "HTTP+SSE exists only in the legacy era") }
        begin("connect in \(what)")
        var request = connection.request
        request.era = isModern ? .legacy : .modern
        var limits = request.limits ?? session.limits
        limits.connect = min(limits.connect, Self.connectLimit)
        request.limits = limits
        // A session of its own, so that the user's connections stay as they are.
        let other = session.sibling()
        let report = await other.connect(request)
        guard report.failure == nil, let second = other.connections.first else {
            add(Step(what: "connect in \(what)", outcome: "NOT_OFFERED", message: report.failure?.message))
            return await other.close()
        }
        let there = await other.snapshot(of: second, mayAsk: true)
        let here = await session.snapshot(of: connection, mayAsk: false)
        let changes = SurfaceDifference(from: here, to: there).changes.filter { $0.isAboutItem }
        add(Step(what: "connect and list in \(what) (\(second.client.revision.wireName))", outcome: "PASS"))
        if let first = changes.first {
            let count = changes.count == 1 ? "1 difference" : "\(changes.count) differences"
            advise(.protocolError, "The lists of the two eras have \(count): \(first.phrase).")
        }
        for problem in second.client.greetingProblems {
            self.report(.handshake, "In \(what): \(problem.description)")
        }
        if let end = await other.end(second, in: other.registry, because: "the test has ended") {
            judge(end, of: second, "the shutdown in \(what)")
        }
        await other.close()
    }

    /// Closes the connection of the test, and judges how the server exits.
    mutating func closeConnection() async {
        guard request.closesConnection else {
            let reason = "the connection stays open; give url to test a server of its own"
            return omit("the shutdown", reason)
        }
        guard connection.client.link.end == nil else { return }
        begin("shutdown")
        judge(await connection.client.close(), of: connection, "the shutdown")
    }

    private mutating func judge(_ end: TransportEnd, of connection: Connection, _ what: String) {
        guard connection.client.link.transport.kind == .stdio else { return }
        let isClean = end.evidence["ended_by"] == "end of input" && end.evidence["exit_code"] == 0
        add(Step(what: what, outcome: isClean ? "PASS" : "ADVICE", message: end.reason))
        if !isClean {
            advise(
                .protocolError,
                "In \(what), \(end.reason). A server should exit with code 0 when its standard input is closed."
            )
        }
    }
}

extension SurfaceChange {
    /// Whether it is about a tool, resource or prompt rather than the whole server.
    fileprivate var isAboutItem: Bool { ListKind.allCases.contains { $0.noun == subject } }
}
