import JSON
import JSONRPC
import MCP

extension Routes {
    mutating func addPrompts(of server: Server) {
        let prompts = server.prompts
        on(.promptsList) { (params: PaginatedParams, _) in
            let page = try server.page(prompts.entries, from: params.checkedCursor())
            return .complete(.cacheable(ListPromptsResult(items: page.items.map(\.prompt), nextCursor: page.next)))
        }
        on(.promptsGet) { (params: GetPromptParams, context) in
            guard let name = params.name else { throw RPCError.invalidParams("`name` must be a string") }
            guard let entry = prompts[name] else { throw RPCError.unknown("prompt", name, among: prompts.names) }
            let arguments = try params.checkedArguments(for: entry.prompt)
            return try await entry.handler(context, arguments).map(MethodResult.view)
        }
    }
}

extension GetPromptParams {
    /// The arguments by name, checked to be strings and complete.
    fileprivate func checkedArguments(for prompt: Prompt) throws(RPCError) -> [String: String] {
        var arguments: [String: String] = [:]
        for member in try argumentObject().members {
            guard let text = member.value.string else {
                throw .invalidParams("the argument `\(member.key)` must be a string, not \(member.value.typeName)")
            }
            arguments[member.key] = text
        }
        let required = (prompt.arguments ?? []).filter { $0.required == true }.compactMap(\.name)
        let missing = required.filter { arguments[$0] == nil }
        guard missing.isEmpty else {
            let names = missing.map { "`\($0)`" }.joined(separator: ", ")
            throw .invalidParams("missing required arguments of the prompt \"\(prompt.name ?? "")\": \(names)")
        }
        return arguments
    }

    private func argumentObject() throws(RPCError) -> JSONObject {
        guard let value = json["arguments"] else { return [:] }
        guard let object = value.object else { throw .invalidParams("`arguments` must be an object") }
        return object
    }
}
