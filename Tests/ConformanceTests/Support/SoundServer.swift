import AsyncRuntime
import DemoServer
import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPHTTPClient
import MCPHTTPServer
import MCPTransport
import Synchronization
import TestSupport

@testable import Conformance

/// The demo server with its fixtures, and with at most one fault in its messages.
enum SoundServer {
    /// In this process, as over standard input and output.
    static func lines(
        _ mutation: Mutation? = nil,
        fixtures: Bool = true,
        kind: TransportKind = .stdio
    ) -> ServerUnderTest {
        ServerUnderTest(kind: kind, clock: PollLoop.shared) {
            let demo = DemoServer(includesFixtures: fixtures, scheduler: PollLoop.shared)
            let conversations = try demo.conversations()
            let base = InMemoryTransport(conversations)
            let transport: any ClientTransport = mutation.map { MutatingTransport(base, $0) } ?? base
            return try await LineWire(transport, clock: PollLoop.shared)
        }
    }

    /// The server behind a URL.
    static func http(at url: String, _ mutation: Mutation? = nil, token: String? = nil) -> ServerUnderTest {
        let authorization = token.map { "Bearer \($0)" }
        let start: @Sendable (String?, Bool) throws -> HTTPWire.Start = { other, hasCredentials in
            var endpoint = HTTPEndpoint(url: other ?? url)
            if hasCredentials, let authorization { endpoint.headers = [HTTPField("Authorization", authorization)] }
            let connection = try PlainConnection(to: endpoint, on: PollLoop.shared)
            return { method, fields, body, onStep in
                let request = body.map { Exchange.Received($0).value ?? nil } ?? nil
                return connection.start(method, fields: fields, body: body) { step in
                    for step in mutated(step, request, fields, mutation) { onStep(step) }
                }
            }
        }
        return ServerUnderTest(
            kind: .streamableHTTP,
            clock: PollLoop.shared,
            url: url,
            authorization: authorization,
            startHTTP: start
        ) {
            HTTPWire(clock: PollLoop.shared, start: try start(nil, true))
        }
    }

    private static func mutated(
        _ step: PlainConnection.Step,
        _ request: JSONValue,
        _ sent: [(name: String, value: String)],
        _ mutation: Mutation?
    ) -> [PlainConnection.Step] {
        guard let mutation else { return [step] }
        let changed = { (value: JSONValue) in
            mutation.change(request, value).flatMap { mutation.body(request, sent, $0) }
        }
        switch step {
        case .head(let status, let fields):
            var head = Mutation.Head(status: status, fields: fields)
            mutation.head(request, sent, &head)
            return [.head(status: head.status, fields: head.fields)]
        case .body(let bytes):
            guard let value = Exchange.Received(bytes).value else { return [step] }
            return changed(value).map { .body(Array($0.description.utf8)) }
        case .event(var event):
            guard let value = Exchange.Received(event.data).value else { return [step] }
            return changed(value).map {
                event.data = Array($0.description.utf8)
                return .event(event)
            }
        case .ended: return [step]
        }
    }

    /// Serves the demo server over HTTP while a test runs.
    static func serving<Result>(
        _ change: (inout HTTPServerOptions) -> Void = { _ in },
        _ body: (_ url: String) async throws -> Result
    ) async throws -> Result {
        let demo = DemoServer(includesFixtures: true, scheduler: PollLoop.shared)
        let url = Latch<String>()
        var options = HTTPServerOptions(port: 0)
        change(&options)
        let transport = HTTPServerTransport(options, scheduler: PollLoop.shared) { url.open($0.url) }
        let serving = Task { try await demo.serve(on: transport) }
        defer { serving.cancel() }
        return try await body(await url.wait())
    }
}

/// A transport whose received messages are changed.
final class MutatingTransport: ClientTransport {
    private let base: InMemoryTransport
    private let mutation: Mutation
    private let requests = Mutex<[JSONValue: JSONValue]>([:])

    init(_ base: InMemoryTransport, _ mutation: Mutation) {
        self.base = base
        self.mutation = mutation
    }

    var kind: TransportKind { .inMemory }
    var executor: (any TaskExecutor)? { nil }

    func open(_ receiver: any ClientTransportReceiver) async throws {
        try await base.open(Changer(receiver, self))
    }

    func send(_ frame: OutgoingFrame) throws {
        if let value = Exchange.Received(frame.bytes).value, let id = value["id"] {
            requests.withLock { $0[id] = value }
        }
        try base.send(frame)
    }

    func abandon(_ id: RequestID) -> Bool { false }
    func close() async -> TransportEnd { await base.close() }
    func evidence() -> JSONObject { [:] }

    private final class Changer: ClientTransportReceiver {
        private let receiver: any ClientTransportReceiver
        private let owner: MutatingTransport

        init(_ receiver: any ClientTransportReceiver, _ owner: MutatingTransport) {
            self.receiver = receiver
            self.owner = owner
        }

        func received(_ frame: Frame, for request: RequestID?) {
            guard let value = Exchange.Received(frame.bytes).value else {
                return receiver.received(frame, for: request)
            }
            let sent = value["id"].flatMap { id in owner.requests.withLock { $0[id] } } ?? nil
            if let line = owner.mutation.line, sent["method"] == "tools/list" {
                receiver.received(Frame(received: Array(line.utf8)), for: request)
            }
            for message in owner.mutation.change(sent, value) {
                receiver.received(Frame(received: Array(message.description.utf8)), for: request)
            }
        }

        func failed(_ id: RequestID, _ failure: TransportFailure) { receiver.failed(id, failure) }
        func noted(_ note: TransportNote) { receiver.noted(note) }
        func ended(_ end: TransportEnd) { receiver.ended(end) }
    }
}
