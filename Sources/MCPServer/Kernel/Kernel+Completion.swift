import JSONRPC
import MCP

extension Routes {
    mutating func addCompletions(of server: Server) {
        on(.completionComplete) { (params: CompleteParams, context) in
            guard let reference = params.ref, let argument = params.argument?.name, params.argument?.value != nil else {
                throw RPCError.invalidParams("\"ref\" and \"argument\" with \"name\" and \"value\" are needed")
            }
            guard server.offers(reference) else {
                throw RPCError.invalidParams(
                    "there is no prompt or template \"\(reference.name ?? reference.uri ?? "")\""
                )
            }
            let handler = server.completions[reference.key(argument)]
            let values = try await handler?(context, params) ?? []
            return .complete(.view(CompleteResult(completion: Completion(allValues: values))))
        }
    }
}

extension Server {
    /// Tells whether a reference leads to something that exists, whether or not it can be completed.
    fileprivate func offers(_ reference: CompletionReference) -> Bool {
        switch reference.type {
        case "ref/prompt": reference.name.map { prompts[$0] != nil } ?? false
        case "ref/resource": reference.uri.map { templates[$0] != nil || resources[$0] != nil } ?? false
        default: false
        }
    }
}

extension Completion {
    /// As many values as one answer may have.
    ///
    /// Source: "Completion", all revisions.
    fileprivate init(allValues values: [String]) {
        self.init(values: Array(values.prefix(100)), total: values.count, hasMore: values.count > 100)
    }
}
