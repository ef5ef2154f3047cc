import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import Tester

/// What a check has to work with: a server in one revision, over one transport.
package final class Probe {
    let server: ServerUnderTest
    let revision: Revision
    let options: ConformanceOptions
    let traffic: Traffic
    /// Processes that start while others do, each for a session that is opened next.
    private var spares: [any Wire] = []
    let shared: SharedProbes
    /// A session whose client declares no capabilities, so that a correct server requests nothing.
    private(set) var main: Session
    private(set) var catalog = Catalog()
    /// Sessions that several checks use, by the capabilities of their client.
    private var commonSessions: [JSONObject: Session] = [:]
    private var legacySession: Session?
    private var secondSession: (session: Session, first: Exchange)?
    private var listChanges: ListChanges?
    /// How long the server took to start and to answer its first request.
    private let openTime: Duration
    private var plainCalls: [ToolCall]?
    private var inputCalls: [ToolCall]?
    /// Tools that took long when they were called first, so that they are not called for every check.
    private var slowTools: Set<JSONValue> = []
    private var others: [Session] = []
    /// What was sent to standard output that is not a message, over all sessions.
    private(set) var framingFaults: [String] = []

    /// A tool that was called, with everything that came back.
    struct ToolCall {
        let tool: JSONValue
        let arguments: JSONObject
        /// The rounds: more than one if the server requested input.
        var exchanges: [Exchange]

        var name: String { tool["name"]?.string ?? "" }
        var params: JSONObject { Probe.params(tool, arguments) }
        var last: Exchange { exchanges[exchanges.count - 1] }
        var isInputRequired: Bool {
            exchanges.contains { $0.result?["resultType"] == "input_required" || !$0.requests.isEmpty }
        }
    }

    init(
        _ server: ServerUnderTest,
        _ revision: Revision,
        options: ConformanceOptions,
        shared: SharedProbes
    ) async throws {
        self.server = server
        self.revision = revision
        self.options = options
        self.shared = shared
        traffic = Traffic(revision)
        let wire = try await server.openWire()
        if server.kind == .stdio, options.only.isEmpty {
            for _ in 0..<(revision.era == .modern ? 2 : 1) { spares.append(try await server.openWire()) }
        }
        main = Session(wire, revision, capabilities: [:], options: options, traffic: traffic)
        let began = server.clock.now
        await main.open()
        openTime = began.duration(to: server.clock.now)
    }

    /// The timeout of the first request of a connection, if the server may leave it without a response.
    func firstLimit(_ limit: Duration) -> Duration { limit + openTime * 2 }

    /// Opens the sessions that many checks use, because their processes have started together.
    ///
    /// They are opened at once, because a process that waits long for its first message may exit.
    func openCommon() async {
        guard !spares.isEmpty else { return }
        do {
            if isModern {
                _ = try await second()
                _ = try await legacy()
            } else {
                _ = try await capable()
            }
        } catch {
            // The check that needs it opens it again, and reports why.
        }
    }

    /// A connection that nothing was sent on.
    private func openWire() async throws -> any Wire {
        if let spare = spares.popLast(), spare.end == nil { return spare }
        return try await server.openWire()
    }

    var isModern: Bool { revision.era == .modern }
    var isHTTP: Bool { server.kind == .streamableHTTP }
    var capabilities: JSONObject { main.serverCapabilities }
    /// The error that an unknown name or an invalid parameter has.
    static let invalidParams = -32602
    static let methodNotFound = -32601

    /// Whether the server speaks the revision, after its greeting.
    var speaksRevision: Bool {
        guard let result = main.greeting?.result else { return false }
        if isModern { return result["supportedVersions"]?.array?.contains(.string(revision.wireName)) ?? false }
        return result["protocolVersion"] == .string(revision.wireName)
    }

    /// The session of a client that knows only the legacy era; if the server does not, its greeting is an error.
    func legacy() async throws -> Session {
        if let legacySession { return legacySession }
        let session = try await open(as: .latestLegacy)
        legacySession = session
        return session
    }

    /// Whether the server has the legacy era, whatever the revision of the probe is.
    func speaksLegacy() async throws -> Bool { try await legacy().greeting?.result != nil }

    /// Another session without a handshake, and the response to its first request.
    func second() async throws -> (session: Session, first: Exchange) {
        if let secondSession, secondSession.session.wire.end == nil { return secondSession }
        let session = try await open(handshake: false)
        let second = (session, await session.request(ordinaryMethod, within: options.openLimit))
        secondSession = second
        return second
    }

    /// How the lists change with calls of tools, as far as the server says that it announces that.
    func changes() async -> ListChanges {
        if let listChanges { return listChanges }
        let changes = await ListChanges(self)
        listChanges = changes
        return changes
    }

    /// Lists everything.
    func list() async {
        catalog = await Catalog(of: main)
        noteMirrored(in: main)
    }

    private func noteMirrored(in session: Session) {
        guard revision.has(.routingHeaders) else { return }
        for tool in catalog.tools {
            guard let name = tool["name"]?.string else { continue }
            session.mirrored[name] = MirroredArguments(inputSchema: tool["inputSchema"]?.object).arguments
        }
    }

    /// Opens the main session again if the server has ended it.
    func reopen() async throws {
        guard main.wire.end != nil else { return }
        keepFaults(of: main)
        main = Session(
            try await openWire(),
            revision,
            capabilities: [:],
            options: options,
            traffic: traffic
        )
        await main.open()
        noteMirrored(in: main)
    }

    /// A further session, which is closed at the end.
    func open(_ capabilities: JSONObject = [:], handshake: Bool = true, as other: Revision? = nil) async throws
        -> Session
    {
        let session = Session(
            try await openWire(),
            other ?? revision,
            capabilities: capabilities,
            options: options,
            traffic: traffic
        )
        others.append(session)
        if handshake { await session.open() }
        noteMirrored(in: session)
        return session
    }

    /// Closes the input of a process that has answered a request, and waits until it has exited.
    ///
    /// - Returns: The exchange, and how the process ended.
    func exit() async throws -> (greeting: Exchange?, end: TransportEnd?) {
        let open = server.openPatientWire ?? server.openWire
        let session = Session(try await open(), revision, capabilities: [:], options: options, traffic: traffic)
        others.append(session)
        await session.open()
        return (session.greeting, await close(session))
    }

    /// Closes a session before the end.
    @discardableResult
    func close(_ session: Session) async -> TransportEnd? {
        others.removeAll { $0 === session }
        keepFaults(of: session)
        return await session.close()
    }

    /// The session of a client that declares everything.
    func capable() async throws -> Session { try await common(Self.allCapabilities(in: revision)) }

    /// The session of a client with some capabilities, which several checks use.
    func common(_ capabilities: JSONObject) async throws -> Session {
        if let known = commonSessions[capabilities], known.wire.end == nil { return known }
        let session = try await open(capabilities)
        commonSessions[capabilities] = session
        return session
    }

    /// The capabilities of a client that supports all input requests of a revision.
    static func allCapabilities(in revision: Revision) -> JSONObject {
        var capabilities: JSONObject = ["sampling": [:], "roots": [:]]
        if revision.era == .legacy { capabilities["roots"] = ["listChanged": true] }
        if revision.profile.clientCapabilities.contains("elicitation") { capabilities["elicitation"] = [:] }
        if revision.has(.urlElicitation) { capabilities["elicitation"] = ["form": [:], "url": [:]] }
        if revision.has(.samplingTools) { capabilities["sampling"] = ["tools": [:]] }
        return capabilities
    }

    func closeAll() async {
        for session in others + [main] { keepFaults(of: session) }
        let wires = (others + [main]).map(\.wire) + spares
        (others, spares) = ([], [])
        await withTaskGroup(of: Void.self) { group in
            for wire in wires { group.addTask { _ = await wire.close() } }
        }
    }

    private func keepFaults(of session: Session) {
        framingFaults += session.wire.framingFaults
    }

    /// What was wrong in the framing so far.
    var allFramingFaults: [String] { framingFaults + (others + [main]).flatMap(\.wire.framingFaults) }

    // MARK: - Requests

    /// Sends a request in the main session.
    func request(
        _ method: String,
        _ params: JSONObject = [:],
        id: JSONValue? = nil,
        within limit: Duration? = nil,
        _ change: (inout Draft) -> Void = { _ in }
    ) async -> Exchange {
        await main.request(method, params, id: id, within: limit, change)
    }

    /// The cheapest request that has a result with content: a list that the server declares, or its greeting.
    func ordinary(_ session: Session? = nil, id: JSONValue? = nil, _ change: (inout Draft) -> Void = { _ in }) async
        -> Exchange
    {
        await (session ?? main).request(ordinaryMethod, id: id, change)
    }

    var ordinaryMethod: String {
        for kind in Catalog.Kind.allCases where capabilities[kind.capability] != nil { return kind.method }
        return isModern ? "server/discover" : "ping"
    }

    // MARK: - Tools

    /// The tools that may be called, with valid arguments.
    var callable: [(tool: JSONValue, arguments: JSONObject)] {
        catalog.tools.filter { tool in
            if tool["execution"]?["taskSupport"] == "required" { return false }
            if options.skippedTools.contains(tool["name"]?.string ?? "") { return false }
            return options.allowsWrites || tool["annotations"]?["readOnlyHint"] == true
        }.compactMap { tool in
            options.samples.arguments(ofTool: tool).map { (tool, $0) }
        }
    }

    /// The parameters of a call.
    static func params(_ tool: JSONValue, _ arguments: JSONObject) -> JSONObject {
        ["name": tool["name"] ?? "", "arguments": .object(arguments)]
    }

    private static let callLimit = 60
    private static let slowness = Duration.milliseconds(300)

    /// The callable tools without those that take long.
    func quickCallable() async -> [(tool: JSONValue, arguments: JSONObject)] {
        _ = await calls()
        return callable.prefix(Self.callLimit).filter { !slowTools.contains($0.tool["name"] ?? nil) }
    }

    /// Every callable tool, called once with a progress token by a client without capabilities.
    func calls() async -> [ToolCall] {
        if let plainCalls { return plainCalls }
        var calls: [ToolCall] = []
        for (index, (tool, arguments)) in callable.prefix(Self.callLimit).enumerated() {
            // Neither a number nor a text that anything else uses.
            let token: JSONValue = index % 2 == 0 ? .string("token-\(index)") : JSONValue(70_000 + index)
            let began = server.clock.now
            let exchange = await call(tool, arguments, in: main, token: token)
            if began.duration(to: server.clock.now) > Self.slowness { slowTools.insert(tool["name"] ?? nil) }
            calls.append(ToolCall(tool: tool, arguments: arguments, exchanges: [exchange]))
            if main.wire.end != nil { break }
        }
        plainCalls = calls
        return calls
    }

    /// Every callable tool, called once by a client that supplies all input.
    func capableCalls() async throws -> [ToolCall] {
        if let inputCalls { return inputCalls }
        var calls: [ToolCall] = []
        let session = try await capable()
        for (tool, arguments) in await quickCallable() {
            let rounds = await complete("tools/call", Self.params(tool, arguments), in: session)
            calls.append(ToolCall(tool: tool, arguments: arguments, exchanges: rounds))
            if session.wire.end != nil { break }
        }
        inputCalls = calls
        return calls
    }

    func call(_ tool: JSONValue, _ arguments: JSONObject, in session: Session, token: JSONValue? = nil) async
        -> Exchange
    {
        var params = Self.params(tool, arguments)
        if let token { params["_meta"] = ["progressToken": token] }
        return await session.request("tools/call", params, within: options.callLimit)
    }

    /// Sends a request, and again with answers as long as the server requests input.
    func complete(_ method: String, _ params: JSONObject, in session: Session) async -> [Exchange] {
        var rounds: [Exchange] = []
        var params = params
        repeat {
            let exchange = await session.request(method, params, within: options.callLimit)
            rounds.append(exchange)
            guard let result = exchange.result, result["resultType"] == "input_required" else { break }
            params = Self.retry(params, result)
        } while rounds.count < 10
        return rounds
    }

    /// The parameters that answer what a result requests.
    static func retry(_ params: JSONObject, _ result: JSONValue) -> JSONObject {
        var params = params
        var responses: JSONObject = [:]
        for request in result["inputRequests"]?.object?.members ?? [] {
            let method = request.value["method"]?.string ?? ""
            if let answer = InputAnswers.result(method, request.value["params"]) {
                responses[request.key] = .object(answer)
            }
        }
        params["inputResponses"] = responses.isEmpty ? nil : .object(responses)
        params["requestState"] = result["requestState"]
        return params
    }
}
