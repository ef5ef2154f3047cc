import JSONRPC
import MCP

extension Routes {
    mutating func addCompletions(of server: Server) {
        on(.completionComplete) { (params: CompleteParams, context) in
            guard let reference = params.ref, let argument = params.argument?.name, params.argument?.value != nil else {
                throw RPCError.invalidParams("`ref` and `argument` with `name` and `value` are required")
            }
            guard server.offers(reference) else {
                let name = reference.name ?? reference.uri ?? ""
                throw RPCError.invalidParams("unknown prompt or resource template \"\(name)\"")
            }
            let handler = server.completions[reference.key(argument)]
            let values = try await handler?(context, params) ?? []
            return .complete(.view(CompleteResult(completion: Completion(allValues: values))))
        }
    }
}

extension Server {
    /// Whether the referenced prompt or resource exists, with or without completions.
    fileprivate func offers(_ reference: CompletionReference) -> Bool {
        switch reference.type {
        case "ref/prompt": reference.name.map { prompts[$0] != nil } ?? false
        case "ref/resource": reference.uri.map { templates[$0] != nil || resources[$0] != nil } ?? false
        default: false
        }
    }
}

extension Completion {
    /// Creates a completion from all values, truncated to the limit of the protocol.
    ///
    /// Source: "Completion", all revisions.
    fileprivate init(allValues values: [String]) {
        self.init(values: Array(values.prefix(100)), total: values.count, hasMore: values.count > 100)
    }
}
