import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import Synchronization

/// A connection to the server in one revision, opened as a correct client does.
final class Session {
    let wire: any Wire
    let revision: Revision
    /// The client capabilities that the session declares.
    let capabilities: JSONObject
    let limit: Duration
    /// The timeout of the first request, which a server may answer only after it has started.
    let openLimit: Duration
    let traffic: Traffic
    /// The exchanges that opened it: `initialize`, or `server/discover`.
    private(set) var greeting: Exchange?
    /// The session ID of the server over HTTP.
    private(set) var httpSession: String?
    private(set) var isInitialized = false
    /// What the server sent before the handshake was complete.
    private(set) var beforeInitialized: [JSONValue] = []
    /// The arguments that calls of a tool repeat in headers.
    var mirrored: [String: [MirroredArgument]] = [:]
    private var lastID: Int64 = 0

    var isModern: Bool { revision.era == .modern }
    var isHTTP: Bool { wire.kind == .streamableHTTP }

    static let clientInfo: JSONValue = ["name": "mcp-test-mcp", "version": "1"]

    /// Creates a session without a handshake.
    init(
        _ wire: any Wire,
        _ revision: Revision,
        capabilities: JSONObject,
        options: ConformanceOptions,
        traffic: Traffic
    ) {
        self.wire = wire
        self.revision = revision
        self.capabilities = capabilities
        limit = options.limit
        openLimit = options.openLimit
        self.traffic = traffic
        wire.answer { InputAnswers.answer($0, capabilities: capabilities) }
    }

    /// Opens the session: the handshake of the legacy era, or `server/discover`.
    ///
    /// - Returns: The response.
    @discardableResult
    func open(asking version: String? = nil) async -> Exchange {
        guard !isModern else {
            let exchange = await request("server/discover", within: openLimit)
            greeting = exchange
            return exchange
        }
        let exchange = await request(
            "initialize",
            [
                "protocolVersion": .string(version ?? revision.wireName), "capabilities": .object(capabilities),
                "clientInfo": Self.clientInfo,
            ],
            within: openLimit
        )
        greeting = exchange
        httpSession = exchange.http?.field("Mcp-Session-Id")
        if exchange.result != nil {
            beforeInitialized = wire.strays.compactMap(\.value)
            isInitialized = true
            send(notification: "notifications/initialized")
            if let wire = wire as? HTTPWire {
                let fields = fields(for: ["method": "notifications/initialized"])
                wire.replyFields.withLock { $0 = fields }
            }
        }
        return exchange
    }

    /// The capabilities of the server.
    var serverCapabilities: JSONObject { greeting?.result?["capabilities"]?.object ?? [:] }

    func nextID() -> JSONValue {
        lastID += 1
        return JSONValue(lastID)
    }

    // MARK: - Requests

    /// A request as a correct client sends it.
    func draft(_ method: String, _ params: JSONObject = [:], id: JSONValue? = nil) -> Draft {
        var message: JSONObject = ["jsonrpc": "2.0", "id": id ?? nextID(), "method": .string(method)]
        var params = params
        if isModern {
            var meta = params["_meta"]?.object ?? [:]
            if meta[MetaKey.protocolVersion.rawValue] == nil {
                meta[MetaKey.protocolVersion.rawValue] = .string(revision.wireName)
            }
            if meta[MetaKey.clientCapabilities.rawValue] == nil {
                meta[MetaKey.clientCapabilities.rawValue] = .object(capabilities)
            }
            if meta[MetaKey.clientInfo.rawValue] == nil { meta[MetaKey.clientInfo.rawValue] = Self.clientInfo }
            params["_meta"] = .object(meta)
        }
        if !params.isEmpty { message["params"] = .object(params) }
        return Draft(message: message, fields: fields(for: .object(message)))
    }

    /// The headers with which a message is posted.
    func fields(for message: JSONValue) -> [(name: String, value: String)] {
        guard isHTTP else { return [] }
        var fields = [
            (name: "Content-Type", value: "application/json"),
            (name: "Accept", value: "application/json, text/event-stream"),
        ]
        let method = message["method"]?.string ?? ""
        guard isModern else {
            if let httpSession { fields.append(("Mcp-Session-Id", httpSession)) }
            if isInitialized, revision.has(.versionHeader) {
                fields.append(("MCP-Protocol-Version", revision.wireName))
            }
            return fields
        }
        fields.append(("MCP-Protocol-Version", revision.wireName))
        fields.append(("Mcp-Method", method))
        let params = message["params"]
        let key =
            switch method {
            case "tools/call", "prompts/get": "name"
            case "resources/read": "uri"
            case "tasks/get", "tasks/update", "tasks/cancel": "taskId"
            default: ""
            }
        if let name = params?[key]?.string { fields.append(("Mcp-Name", FieldText.encode(name))) }
        if method == "tools/call", let name = params?["name"]?.string {
            let arguments = params?["arguments"]?.object ?? [:]
            for argument in mirrored[name] ?? [] {
                guard let text = argument.text(in: arguments) else { continue }
                fields.append(("Mcp-Param-\(argument.field)", FieldText.encode(text)))
            }
        }
        return fields
    }

    /// Sends a request and waits for its response.
    func request(
        _ method: String,
        _ params: JSONObject = [:],
        id: JSONValue? = nil,
        within limit: Duration? = nil,
        _ change: (inout Draft) -> Void = { _ in }
    ) async -> Exchange {
        await finish(begin(method, params, id: id, change), within: limit)
    }

    /// Sends a request.
    func begin(
        _ method: String,
        _ params: JSONObject = [:],
        id: JSONValue? = nil,
        _ change: (inout Draft) -> Void = { _ in }
    ) -> any PendingExchange {
        var draft = draft(method, params, id: id)
        change(&draft)
        return wire.begin(draft.wireMessage)
    }

    /// Waits for a response.
    func finish(_ pending: any PendingExchange, within limit: Duration? = nil) async -> Exchange {
        let exchange = await pending.finish(within: limit ?? self.limit)
        traffic.add(exchange, self)
        return exchange
    }

    /// Sends a request that the server may ignore.
    ///
    /// Where all messages travel in order, the response to a later request ends the waiting.
    func provoke(_ method: String, id: JSONValue? = nil, _ change: (inout Draft) -> Void) async -> Exchange {
        let pending = begin(method, id: id) { draft in
            draft.acceptsErrorWithoutID = true
            change(&draft)
        }
        guard !isHTTP, isInitialized || isModern else { return await finish(pending, within: .seconds(2)) }
        let fence = await fence(within: .seconds(2)).response
        // Messages may overtake each other a little.
        var exchange = await pending.finish(within: .milliseconds(300))
        let response = exchange.response
        exchange.received.removeAll { $0.value != nil && $0.value == fence }
        exchange.responseIndex = response.flatMap { response in exchange.received.firstIndex { $0.value == response } }
        traffic.add(exchange, self)
        return exchange
    }

    /// Sends bytes that need not be a message, and waits for an error.
    func provoke(_ text: String) async -> Exchange {
        await provoke("ping") { draft in
            draft.bytes = Array(text.utf8)
            draft.message["id"] = Exchange.Received(Array(text.utf8)).value?["id"]
        }
    }

    /// A notification as a correct client sends it.
    private func notification(_ method: String, _ params: JSONObject) -> WireMessage {
        var message: JSONObject = ["jsonrpc": "2.0", "method": .string(method)]
        if !params.isEmpty { message["params"] = .object(params) }
        return WireMessage(
            bytes: Array(JSONValue.object(message).description.utf8),
            id: nil,
            fields: fields(for: .object(message))
        )
    }

    /// Sends a notification without looking at the messages that follow.
    func send(notification method: String, _ params: JSONObject = [:]) {
        _ = wire.begin(notification(method, params))
    }

    /// Sends a notification, and a request behind it.
    ///
    /// - Returns: The messages until the response to the request, without that.
    func notify(_ method: String, _ params: JSONObject = [:]) async -> Exchange {
        let pending = wire.begin(notification(method, params))
        if isHTTP { return await finish(pending) }
        let fence = await fence()
        var exchange = await pending.finish(within: .zero)
        let response = fence.response
        exchange.received.removeAll { $0.value != nil && $0.value == response }
        // Text that is not JSON is not a response, and breaks another rule.
        exchange.responseIndex = exchange.received.firstIndex { $0.value.map { $0["method"] == nil } ?? false }
        return exchange
    }

    /// The cheapest request that every server serves.
    func fence(within limit: Duration? = nil) async -> Exchange {
        await request(isModern ? "server/discover" : "ping", within: limit)
    }

    func close() async -> TransportEnd? {
        await wire.close()
    }
}
