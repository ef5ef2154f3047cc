import AsyncRuntime
import JSON
import JSONRPC
import MCP

/// Serves the methods of a server, without knowing how requests came or what era they are of.
struct Kernel: Sendable {
    /// Serves one method.
    typealias MethodHandler =
        @Sendable (_ params: JSONText?, RequestContext) async throws -> HandlerOutcome<MethodResult>

    let server: Server
    let stamp: ResultStamp
    let seal: StateSeal
    let bus: ChangeBus
    let tasks: TaskStore
    private let handlers: [Method: MethodHandler]

    init(_ server: Server, scheduler: any Scheduler, executor: (any TaskExecutor)?) {
        self.server = server
        stamp = ResultStamp(server)
        seal = StateSeal(server.requestStates, scheduler: scheduler)
        let bus = server.changes ?? ChangeBus([])
        let tasks = TaskStore(server.tasks, scheduler: scheduler, executor: executor) { bus.tell(.task($0)) }
        self.bus = bus
        self.tasks = tasks
        var routes = Routes()
        routes.on(.ping) { (_: EmptyParams, _) in .complete(.view(EmptyResult())) }
        routes.on(.serverDiscover) { (_: EmptyParams, _) in .complete(.cacheable(server.discovery)) }
        if !server.tools.isEmpty { routes.addTools(of: server, tasks) }
        if !server.resources.isEmpty || !server.templates.isEmpty { routes.addResources(of: server) }
        if !server.prompts.isEmpty { routes.addPrompts(of: server) }
        if !server.completions.isEmpty { routes.addCompletions(of: server) }
        if server.offersTasks { routes.addTasks(of: server, in: tasks) }
        if !bus.kinds.isEmpty || server.offersTasks { routes.addSubscriptions(of: server, on: bus, tasks) }
        handlers = routes.handlers
    }

    /// What serves a method to a caller.
    ///
    /// - Throws: The error of JSON-RPC for unknown methods, with what is known about them, or that the caller does not
    ///   declare the extension that the method is of.
    func handler(of method: Method, for caller: Caller) throws(RPCError) -> MethodHandler {
        let revision = caller.revision
        guard let rule = revision.profile.methods[method], rule.directions.contains(.clientToServer) else {
            let isKnown = Revision.allCases.contains { $0.profile.allows(method, .clientToServer) }
            throw isKnown
                ? .methodNotFound("\(method) (revision \(revision) does not have it)") : .methodNotFound("\(method)")
        }
        guard let handler = handlers[method] else {
            throw .methodNotFound("\(method) (this server does not declare it)")
        }
        if let id = rule.extensionID, !caller.capabilities.hasExtension(id) {
            throw RPCError(MissingClientCapability(id), from: method.rawValue, in: revision)
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
        _ handler: @escaping @Sendable (Params, RequestContext) async throws -> HandlerOutcome<MethodResult>
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
