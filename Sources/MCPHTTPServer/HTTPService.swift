import AsyncRuntime
import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1
import Synchronization

/// One of the transports, as what is behind the door.
protocol Endpoint: Sendable {
    /// The methods of HTTP that it has, as the field `Allow` lists them.
    static var methods: String { get }
    /// Refuses a request by its head, if it is to be refused.
    func refusal(of head: HTTPRequestHead) -> HTTPResponse?
    /// Serves a request.
    func serve(_ request: HTTPRequest, _ way: ResponseWriter)
    /// Ends all conversations.
    func endConversations()
}

/// What all connections of a server share.
final class HTTPService: Sendable {
    let options: HTTPServerOptions
    let scheduler: any Scheduler
    let connections: Connections

    private let endpoint: any Endpoint
    private let requests: Quota
    private let isStopping = Atomic(false)
    /// Is made when the port is known.
    private let door = Mutex<AccessPolicy?>(nil)

    init(_ options: HTTPServerOptions, scheduler: any Scheduler, endpoint: any Endpoint) {
        self.options = options
        self.scheduler = scheduler
        self.endpoint = endpoint
        connections = Connections(limit: options.limits.connections)
        requests = Quota(options.limits.requests)
    }

    /// Takes requests from now on, at a port.
    func open(at port: Int) {
        let door = AccessPolicy(options, port: port, methods: type(of: endpoint).methods)
        self.door.withLock { $0 = door }
    }

    /// Decides by its head whether a request is taken, before its body is read.
    func admit(_ head: HTTPRequestHead, at address: String?) -> AccessDecision {
        guard !isStopping.load(ordering: .relaxed), let door = door.withLock({ $0 }) else {
            return .answered(.refusal(.serviceUnavailable, "the server is about to end"))
        }
        let admission = door.admit(head, at: address)
        guard case .admitted(let visitor) = admission, var answer = endpoint.refusal(of: head) else { return admission }
        answer.fields += visitor.fields
        return .answered(answer)
    }

    /// Serves a request that was admitted.
    func serve(_ request: HTTPRequest, _ way: ResponseWriter) {
        if request.head.method == .POST {
            guard let lease = requests.take() else {
                let limit = "more than \(options.limits.requests) requests are being served; try again later"
                return way.send(.refusal(.serviceUnavailable, limit, fields: [("Retry-After", "1")]))
            }
            way.belong(to: nil, holding: lease)
        }
        if let tamper = ResponseTamper(options, request) {
            way.spoil(by: tamper)
            if tamper.isLate {
                let later = scheduler.now.advanced(by: ResponseTamper.delay)
                _ = scheduler.schedule(at: later) { self.endpoint.serve(request, way) }
                return
            }
        }
        endpoint.serve(request, way)
    }

    /// Ends in good order what can be, and answers the rest with an error when the time for it is over.
    func stop() async {
        isStopping.store(true, ordering: .relaxed)
        connections.finish()
        await connections.untilNone(scheduler, within: options.limits.shutdown)
        await connections.close(RPCError(code: ErrorCode.internalError.rawValue, message: "the server is stopping"))
        endpoint.endConversations()
    }
}
