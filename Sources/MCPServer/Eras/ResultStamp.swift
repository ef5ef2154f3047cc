import JSON
import JSONRPC
import MCP

/// Encodes results for a revision: adds the members that it requires and removes those that it does not define.
struct ResultStamp: Sendable {
    private let cacheLifetime: Int
    private let cacheScope: CacheScope
    /// Sent with every result, so without description and icons.
    private let serverInfo: JSONObject

    init(_ server: Server) {
        cacheLifetime = server.cacheLifetime
        cacheScope = server.cacheScope
        serverInfo = server.info.identity.json
    }

    /// Encodes the response to a request.
    func response(to id: RequestID, _ result: MethodResult, in revision: Revision) -> [UInt8] {
        switch result {
        case .view(let result): return response(to: id, result, in: revision)
        case .cacheable(var result):
            result.ttlMs = cacheLifetime
            result.cacheScope = cacheScope
            return response(to: id, result, in: revision)
        case .tool(let output):
            let meta = revision.has(.resultType) ? meta(output.meta) : output.meta
            return Message.encode(id: id, capacity: output.capacity) { writer in
                output.write(to: &writer, in: revision, meta: meta)
            }
        }
    }

    /// Encodes the response to a request with any result.
    func response(to id: RequestID, _ result: some ResultView, in revision: Revision) -> [UInt8] {
        var result = result.trimmed(to: revision)
        if revision.has(.resultType) {
            if result.resultType == nil { result.resultType = .complete }
            result.meta = meta(result.meta)
        }
        return Message.encode(id: id, capacity: 512) { $0.write(result.json) }
    }

    /// Adds the server's identity, unless the result already describes the server.
    private func meta(_ meta: JSONObject?) -> JSONObject {
        var meta = meta ?? [:]
        if meta[MetaKey.serverInfo.rawValue] == nil { meta[MetaKey.serverInfo.rawValue] = .object(serverInfo) }
        return meta
    }
}
