import JSONRPC
import MCP

extension Routes {
    mutating func addResources(of server: Server) {
        on(.resourcesList) { (params: PaginatedParams, _) in
            let listed = server.resources.entries.filter(\.isListed)
            let page = try server.page(listed, from: params.checkedCursor())
            return .complete(.cacheable(ListResourcesResult(items: page.items.map(\.resource), nextCursor: page.next)))
        }
        on(.resourcesTemplatesList) { (params: PaginatedParams, _) in
            let page = try server.page(server.templates.entries, from: params.checkedCursor())
            let templates = page.items.map(\.template)
            return .complete(.cacheable(ListResourceTemplatesResult(items: templates, nextCursor: page.next)))
        }
        on(.resourcesRead) { (params: ReadResourceParams, context) in
            guard let uri = params.uri else { throw RPCError.invalidParams("`uri` must be a string") }
            return try await server.read(uri, context).map { .cacheable(ReadResourceResult(contents: $0)) }
        }
    }
}

extension Server {
    /// Reads a listed resource, or else one that matches a template.
    ///
    /// The first match wins.
    fileprivate func read(_ uri: String, _ context: RequestContext) async throws -> HandlerOutcome<[ResourceContents]> {
        if let entry = resources[uri] {
            return try await entry.handler(context, ResourceRequest(uri: uri, variables: [:]))
        }
        for entry in templates.entries {
            guard let variables = entry.pattern.match(uri) else { continue }
            return try await entry.handler(context, ResourceRequest(uri: uri, variables: variables))
        }
        throw ResourceNotFound(uri: uri)
    }
}
