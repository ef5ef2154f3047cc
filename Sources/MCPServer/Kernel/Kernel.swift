import JSON
import JSONRPC
import MCP

/// Serves the methods of a server, without knowing how requests came or what era they are of.
struct Kernel: Sendable {
    /// Serves one method.
    typealias MethodHandler = @Sendable (_ params: JSONText?, RequestContext) async throws -> Outcome<MethodResult>

    let server: Server
    let stamp: ResultStamp
    private let handlers: [Method: MethodHandler]

    init(_ server: Server) {
        self.server = server
        stamp = ResultStamp(server)
        var routes = Routes()
        routes.on(.ping) { (_: EmptyParams, _) in .complete(.view(EmptyResult())) }
        routes.on(.serverDiscover) { (_: EmptyParams, _) in .complete(.cacheable(server.discovery)) }
        if !server.tools.isEmpty { routes.addTools(of: server) }
        if !server.resources.isEmpty || !server.templates.isEmpty { routes.addResources(of: server) }
        if !server.prompts.isEmpty { routes.addPrompts(of: server) }
        if !server.completions.isEmpty { routes.addCompletions(of: server) }
        handlers = routes.handlers
    }

    /// What serves a method in a revision.
    ///
    /// - Throws: The error of JSON-RPC for unknown methods, with what is known about them.
    func handler(of method: Method, in revision: Revision) throws(RPCError) -> MethodHandler {
        guard revision.profile.allows(method, .clientToServer) else {
            let isKnown = Revision.allCases.contains { $0.profile.allows(method, .clientToServer) }
            throw isKnown
                ? .methodNotFound("\(method) (revision \(revision) does not have it)") : .methodNotFound("\(method)")
        }
        guard let handler = handlers[method] else {
            throw .methodNotFound("\(method) (this server does not declare it)")
        }
        return handler
    }
}

/// The methods of a server while they are put together.
struct Routes {
    private(set) var handlers: [Method: Kernel.MethodHandler] = [:]

    /// Serves a method with its parameters as they were received.
    mutating func on(_ method: Method, raw handler: @escaping Kernel.MethodHandler) {
        handlers[method] = handler
    }

    /// Serves a method with its parameters as a view.
    mutating func on<Params: ParamsView>(
        _ method: Method,
        _ handler: @escaping @Sendable (Params, RequestContext) async throws -> Outcome<MethodResult>
    ) {
        handlers[method] = { params, context in
            try await handler(Params(json: params?.value().object ?? [:]), context)
        }
    }
}

extension Server {
    /// What `server/discover` answers: the versions that a request may be written in, and the rest of the server.
    var discovery: DiscoverResult {
        var result = DiscoverResult(json: [:])
        result.supportedVersions = Revision.modern.map(\.wireName)
        result.capabilities = capabilities
        result.instructions = instructions
        return result
    }
}

extension Revision {
    /// The revisions whose requests stand for themselves, the newest first.
    static var modern: [Revision] { allCases.reversed().filter { $0.era == .modern } }
}
