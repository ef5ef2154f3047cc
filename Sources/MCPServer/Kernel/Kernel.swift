import AsyncRuntime
import JSON
import JSONRPC
import MCP

/// Serves the methods of a server, independent of transport and era.
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
        let tasks = TaskStore(server.tasks, scheduler: scheduler, executor: executor) { bus.publish(.task($0)) }
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
        for (method, handler) in server.extensionMethods {
            routes.on(method) { (params: EmptyParams, context) in
                .complete(.view(EmptyResult(json: try await handler(context, params.json))))
            }
        }
        if !bus.kinds.isEmpty || server.offersTasks { routes.addSubscriptions(of: server, on: bus, tasks) }
        handlers = routes.handlers
    }

    /// Returns the handler of a method.
    ///
    /// - Throws: an error for the caller if the method is unknown, not in its revision, not offered by the server, or part of
    ///   an extension that the caller did not declare.
    func handler(of method: Method, for caller: Caller) throws(RPCError) -> MethodHandler {
        let revision = caller.revision
        if server.extensionMethods[method] != nil, revision.has(.extensions), let handler = handlers[method] {
            return handler
        }
        guard let rule = revision.profile.methods[method], rule.directions.contains(.clientToServer) else {
            let isKnown = Revision.allCases.contains { $0.profile.allows(method, .clientToServer) }
            throw .methodNotFound(isKnown ? "\(method) (not part of revision \(revision))" : "\(method)")
        }
        guard let handler = handlers[method] else {
            throw .methodNotFound("\(method) (not offered by this server)")
        }
        if let id = rule.extensionID, !caller.capabilities.hasExtension(id) {
            throw RPCError(MissingClientCapability(id), from: method.rawValue, in: revision)
        }
        return handler
    }
}

/// The handlers of a server by method, while they are collected.
struct Routes {
    private(set) var handlers: [Method: Kernel.MethodHandler] = [:]

    /// Adds a handler that receives the parameters as text.
    mutating func on(_ method: Method, raw handler: @escaping Kernel.MethodHandler) {
        handlers[method] = handler
    }

    /// Adds a handler that receives the parameters as a view.
    mutating func on<Params: ParamsView>(
        _ method: Method,
        _ handler: @escaping @Sendable (Params, RequestContext) async throws -> HandlerOutcome<MethodResult>
    ) {
        handlers[method] = { params, context in
            try await handler(Params(json: params?.value().object ?? [:]), context)
        }
    }
}
