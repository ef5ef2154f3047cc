import JSON
import JSONRPC
import JSONSchema
import MCP

extension Routes {
    mutating func addTools(of server: Server) {
        let tools = server.tools
        on(.toolsList) { (params: PaginatedParams, _) in
            let page = try server.page(tools.entries, from: params.checkedCursor())
            return .complete(.cacheable(ListToolsResult(items: page.items.map(\.tool), nextCursor: page.next)))
        }
        on(
            .toolsCall,
            raw: { params, context in
                guard let name = params?["name"]?.string else {
                    throw RPCError.invalidParams("\"name\" must be a string")
                }
                guard let entry = tools[name] else { throw RPCError.unknown("tool", name, among: tools.names) }
                let arguments = params?["arguments"]
                guard arguments == nil || arguments?.kind == .object else {
                    throw RPCError.invalidParams("\"arguments\" must be an object")
                }
                return try await entry.call(arguments, context).map(MethodResult.tool)
            }
        )
    }
}

extension ToolEntry {
    /// Calls the tool, if the arguments are right.
    fileprivate func call(_ text: JSONText?, _ context: RequestContext) async throws -> Outcome<ToolOutput> {
        guard let schema else { return try await handler(context, ToolArguments(text: text)) }
        let object = text?.value().object ?? [:]
        switch schema.validate(.object(object)).outcome {
        case .valid:
            return try await handler(context, ToolArguments(text: text, parsed: object))
        case .invalid(let violations):
            return .complete(.failure(ArgumentReport(tool: tool, violations: violations).text))
        case .inconclusive(let limit):
            return .complete(.failure("The arguments could not be checked against the tool's schema: \(limit)"))
        }
    }
}

extension RPCError {
    /// A name that nothing has, with the one that was probably meant.
    static func unknown(_ kind: String, _ name: String, among names: some Sequence<String>) -> RPCError {
        let hint = nearest(name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        return .invalidParams("there is no \(kind) \"\(name)\"\(hint)")
    }
}
