import AsyncRuntime
import JSON
import JSONRPC
import MCP

/// Serves the methods of a server, independent of transport and era.
struct Kernel: Sendable {
    /// Serves one method.
    typealias MethodHandler =
        @Sendable (ReceivedParams, RequestContext) async throws -> HandlerOutcome<MethodResult>

    /// A handler as it is kept in a dictionary, which would wrap a bare closure in another one.
    struct Handler {
        let serve: MethodHandler
    }

    let server: Server
    let stamp: ResultStamp
    let seal: StateSeal
    let bus: ChangeBus
    let tasks: TaskStore
    private let routes: [Method: Route]

    /// A method that the server offers.
    private struct Route {
        enum Access {
            case always
            /// For clients that declared the extension.
            case with(ExtensionID)
        }

        let handler: Handler
        /// By ``Revision/position``; nil in revisions in which clients cannot request the method.
        let access: [Access?]

        init(_ method: Method, _ handler: Handler, isOfExtension: Bool) {
            self.handler = handler
            access = Revision.allCases.map { revision in
                if isOfExtension, revision.has(.extensions) { return .always }
                let rule = revision.profile.methods[method]
                guard let rule, rule.directions.contains(.clientToServer) else { return nil }
                return rule.extensionID.map(Access.with) ?? .always
            }
        }
    }

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
        self.routes = Dictionary(
            uniqueKeysWithValues: routes.handlers.map { method, handler in
                (method, Route(method, handler, isOfExtension: server.extensionMethods[method] != nil))
            }
        )
    }

    /// Returns the handler of a method.
    ///
    /// - Throws: an error for the caller if the method is unknown, not in its revision, not offered by the server, or part of
    ///   an extension that the caller did not declare.
    func handler(of method: Method, for caller: Caller) throws(RPCError) -> MethodHandler {
        guard let route = routes[method], let access = route.access[caller.revision.position] else {
            throw unknown(method, in: caller.revision)
        }
        if case .with(let id) = access, !caller.capabilities.hasExtension(id) {
            throw RPCError(MissingClientCapability(id), from: method.rawValue, in: caller.revision)
        }
        return route.handler.serve
    }

    private func unknown(_ method: Method, in revision: Revision) -> RPCError {
        if let rule = revision.profile.methods[method], rule.directions.contains(.clientToServer) {
            return .methodNotFound("\(method) (not offered by this server)")
        }
        let isKnown = Revision.allCases.contains { $0.profile.allows(method, .clientToServer) }
        return .methodNotFound(isKnown ? "\(method) (not part of revision \(revision))" : "\(method)")
    }
}

/// The handlers of a server by method, while they are collected.
struct Routes {
    private(set) var handlers: [Method: Kernel.Handler] = [:]

    /// Adds a handler that receives the parameters as they are.
    mutating func on(_ method: Method, raw handler: @escaping Kernel.MethodHandler) {
        handlers[method] = Kernel.Handler(serve: handler)
    }

    /// Adds a handler that receives the parameters as a view.
    mutating func on<Params: ParamsView>(
        _ method: Method,
        _ handler: @escaping @Sendable (Params, RequestContext) async throws -> HandlerOutcome<MethodResult>
    ) {
        on(method, raw: { params, context in try await handler(Params(json: params.object), context) })
    }
}
