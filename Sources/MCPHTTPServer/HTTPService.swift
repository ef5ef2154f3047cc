import AsyncRuntime
import JSONRPC
import MCP
import MCPTransport
import NIOCore
import NIOHTTP1

/// What is served: one of the transports over HTTP, or a page.
protocol Endpoint: AnyObject {
    /// The HTTP methods that it supports, as `Allow` lists them.
    static var methods: String { get }
    /// Refuses a request by its head, or returns nil.
    func refusal(of head: HTTPRequestHead) -> HTTPResponse?
    func serve(_ request: HTTPRequest, _ writer: ResponseWriter)
    func closeConversations()
}

/// What the connections of a server share.
///
/// Belongs to the server's event loop.
final class HTTPService {
    private enum Phase {
        case starting
        case running(AccessPolicy, (any SitePages)?)
        case stopping
    }

    let connections: Connections
    /// Limits the POST requests that are being received or served.
    let requests: Quota

    private let context: ServerContext
    private let endpoint: any Endpoint
    private var phase = Phase.starting

    init(_ context: ServerContext, _ endpoint: any Endpoint) {
        self.context = context
        self.endpoint = endpoint
        connections = Connections(limit: context.options.limits.connections)
        requests = Quota(context.options.limits.requests)
    }

    var limits: HTTPServerLimits { context.options.limits }
    var scheduler: LoopScheduler { context.scheduler }
    var budget: BufferBudget { context.budget }

    var isStopping: Bool {
        if case .stopping = phase { true } else { false }
    }

    /// Serves requests from now on.
    func start(at port: Int) {
        context.loop.preconditionInEventLoop()
        let site = context.options.makeSite?(context.options.url(at: port))
        let methods = type(of: endpoint).methods
        phase = .running(AccessPolicy(context.options, port: port, methods: methods, site), site?.pages)
    }

    /// Decides by its head whether a request is served, before its body is read.
    func admit(_ head: HTTPRequestHead, at address: String?) -> AccessDecision {
        context.loop.assertInEventLoop()
        guard case .running(let policy, _) = phase else {
            let state = isStopping ? "stopping" : "starting"
            return .answered(.refusal(.serviceUnavailable, "the server is \(state)"))
        }
        let decision = policy.decide(head, at: address)
        switch decision {
        case .answered, .page: return decision
        case .admitted(let client): return refusal(of: head, client.fields) ?? decision
        case .undecided(let credentials): return refusal(of: head, credentials.fields) ?? decision
        }
    }

    private func refusal(of head: HTTPRequestHead, _ fields: [(String, String)]) -> AccessDecision? {
        guard var refusal = endpoint.refusal(of: head) else { return nil }
        refusal.fields += fields
        return .answered(refusal)
    }

    /// Decides about a token whose verification needs keys that have to be fetched.
    ///
    /// - Parameter body: Called on the event loop, with responses that lack the headers of the credentials.
    func verify(_ credentials: UnverifiedCredentials, _ body: @escaping (AccessDecision) -> Void) {
        guard case .running(let policy, _) = phase, let verifier = policy.verifier else {
            return body(.answered(.refusal(.serviceUnavailable, "the server is stopping")))
        }
        let bound = NIOLoopBound(body, eventLoop: context.loop)
        context.shutdownTasks.add {
            let verdict = await verifier.verdictAfterFetching(on: credentials.token)
            bound.eventLoop.execute { bound.value(policy.decision(by: verdict, [])) }
        }
    }

    /// Responds to a request for a page.
    func servePage(_ request: HTTPRequest, _ writer: ResponseWriter) {
        guard case .running(_, let pages?) = phase else {
            return writer.send(.refusal(.serviceUnavailable, "the server is stopping"))
        }
        let writer = NIOLoopBound(writer, eventLoop: context.loop)
        let siteRequest = SiteRequest(request)
        context.shutdownTasks.add {
            let response = await pages.respond(to: siteRequest)
            writer.eventLoop.execute { writer.value.send(HTTPResponse(response)) }
        }
    }

    /// Serves a request that was admitted.
    func serve(_ request: HTTPRequest, _ writer: ResponseWriter) {
        guard let tamper = ResponseTamper(context.options, request) else { return endpoint.serve(request, writer) }
        writer.tamper = tamper
        guard tamper.delaysResponse else { return endpoint.serve(request, writer) }
        let deadline = scheduler.now.advanced(by: ResponseTamper.delay)
        _ = scheduler.schedule(at: deadline) { self.endpoint.serve(request, writer) }
    }

    var tooManyRequests: HTTPResponse {
        .overloaded("the server serves at most \(limits.requests) requests at once", retryAfter: 1)
    }

    var noRoom: HTTPResponse {
        .overloaded("the server's buffers are full (\(limits.bufferBytes) bytes)", retryAfter: 1)
    }

    // MARK: - Stopping

    /// Accepts no more requests, and ends what would go on until its client leaves.
    ///
    /// - Returns: Opened once all connections are closed.
    func beginStopping() -> Latch<Void> {
        context.loop.preconditionInEventLoop()
        phase = .stopping
        connections.beginStopping()
        return connections.allClosed
    }

    /// Fails the requests that are still running, and closes all connections.
    func abort() {
        context.loop.preconditionInEventLoop()
        connections.close(RPCError(code: ErrorCode.internalError.rawValue, message: "the server is stopping"))
    }

    func closeConversations() {
        context.loop.preconditionInEventLoop()
        endpoint.closeConversations()
    }
}
