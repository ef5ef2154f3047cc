import JSON
import JSONRPC
import JSONSchema
import MCP
import TextUtilities

extension Routes {
    mutating func addTools(of server: Server, _ store: TaskStore) {
        let tools = server.tools
        on(.toolsList) { (params: PaginatedParams, _) in
            let page = try server.page(tools.entries, from: params.checkedCursor())
            return .complete(.cacheable(ListToolsResult(items: page.items.map(\.tool), nextCursor: page.next)))
        }
        let calls = ToolCalls(tools: tools, store: store, offersTasks: server.offersTasks)
        on(
            .toolsCall,
            raw: { params, context in
                switch try calls.begin(params, context) {
                case .finished(let result): return .complete(result)
                case .handler(let entry, let arguments):
                    return try calls.finish(try await entry.handler(context, arguments), of: entry, context)
                }
            }
        )
    }
}

/// What comes before and after the handler of a tool.
///
/// Not inlined, so that the async function between them has few variables.
private struct ToolCalls: Sendable {
    let tools: Registry<ToolEntry>
    let store: TaskStore
    let offersTasks: Bool

    enum Beginning {
        case finished(MethodResult)
        case handler(ToolEntry, ToolArguments)
    }

    @inline(never)
    func begin(_ params: ReceivedParams, _ context: RequestContext) throws -> Beginning {
        guard let name = params.name?.string else {
            throw RPCError.invalidParams("`name` must be a string")
        }
        guard let entry = tools[name] else { throw RPCError.unknown("tool", name, among: tools.names) }
        let arguments = params.arguments
        guard arguments == nil || arguments?.kind == .object else {
            throw RPCError.invalidParams("`arguments` must be an object")
        }
        if context.revision.has(.tasks), offersTasks {
            if let task = try entry.requestedTask(params) {
                let work: ServerTask.Work = { try await entry.call(arguments, $0) }
                let snapshot = try store.start(work, for: context, lifetime: task.ttl)
                return .finished(.view(snapshot.creation(in: context.revision)))
            }
        } else if entry.tasks == .required {
            try context.requireTasks()
        }
        switch entry.check(arguments) {
        case .valid(let arguments): return .handler(entry, arguments)
        case .invalid(let report): return .finished(.tool(report))
        }
    }

    @inline(never)
    func finish(
        _ outcome: HandlerOutcome<ToolOutput>,
        of entry: ToolEntry,
        _ context: RequestContext
    ) throws -> HandlerOutcome<MethodResult> {
        if case .task(let work) = outcome, entry.tasks != .forbidden, context.supportsTasks {
            let snapshot = try store.start(work, for: context, lifetime: nil)
            return .complete(.view(snapshot.creation(in: context.revision)))
        }
        return outcome.map(MethodResult.tool)
    }
}

extension ToolEntry {
    fileprivate enum Check {
        case valid(ToolArguments)
        /// The result of the call, which says what is wrong.
        case invalid(ToolOutput)
    }

    /// Checks whether the arguments match the tool's schema.
    fileprivate func check(_ text: JSONText?) -> Check {
        guard let schema else { return .valid(ToolArguments(text: text)) }
        let object = text?.value().object ?? [:]
        switch schema.validate(.object(object), as: .arguments).outcome {
        case .valid: return .valid(ToolArguments(text: text, parsed: object))
        case .invalid(let violations):
            return .invalid(.failure(ArgumentReport(tool: tool, violations: violations).text))
        case .inconclusive(let limit):
            return .invalid(.failure("The arguments could not be checked against the tool's input schema: \(limit)"))
        }
    }

    /// Calls the tool if the arguments match its schema.
    fileprivate func call(_ text: JSONText?, _ context: RequestContext) async throws -> HandlerOutcome<ToolOutput> {
        switch check(text) {
        case .valid(let arguments): try await handler(context, arguments)
        case .invalid(let report): .complete(report)
        }
    }
}

extension ToolEntry {
    /// The task that the client requests for its call, if any.
    ///
    /// Source: 2025-11-25, "Tasks", tool-level negotiation.
    fileprivate func requestedTask(_ params: ReceivedParams) throws(RPCError) -> TaskMetadata? {
        let name = tool.name ?? ""
        guard let request = params.task else {
            guard tasks != .required else {
                throw .methodNotFound("the tool \"\(name)\" must be called as a task; add `task` to the parameters")
            }
            return nil
        }
        guard tasks != .forbidden else {
            throw .methodNotFound("the tool \"\(name)\" cannot be called as a task; remove `task` from the parameters")
        }
        guard let metadata = TaskMetadata(jsonValue: request.value()) else {
            throw .invalidParams("`task` must be an object")
        }
        return metadata
    }
}

extension RequestContext {
    /// Whether the client declared the tasks extension with the request.
    var supportsTasks: Bool {
        revision.profile.allows(.tasksGet, .clientToServer, with: [.tasks]) && !revision.has(.tasks)
            && caller.capabilities.hasExtension(.tasks)
    }

    /// Throws unless the client declared the tasks extension.
    func requireTasks() throws(MissingClientCapability) {
        if !supportsTasks { throw MissingClientCapability(.tasks) }
    }
}

extension RPCError {
    /// An unknown name, with a similar known one.
    static func unknown(_ kind: String, _ name: String, among names: some Sequence<String>) -> RPCError {
        let hint = nearest(name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        return .invalidParams("unknown \(kind) \"\(name)\"\(hint)")
    }
}
