import JSON
import JSONRPC
import MCP

/// Writes results in the words of a revision: what newer ones add, and nothing that older ones do not know.
struct ResultStamp: Sendable {
    private let cacheLifetime: Int
    private let cacheScope: CacheScope
    private let serverInfo: JSONObject

    init(_ server: Server) {
        cacheLifetime = server.cacheLifetime
        cacheScope = server.cacheScope
        serverInfo = server.info.json
    }

    /// The response to a request.
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

    /// The response to a request, from any result.
    func response(to id: RequestID, _ result: some ResultView, in revision: Revision) -> [UInt8] {
        var result = result.trimmed(to: revision)
        if revision.has(.resultType) {
            if result.resultType == nil { result.resultType = .complete }
            result.meta = meta(result.meta)
        }
        return Message.encode(id: id, capacity: 512) { $0.write(result.json) }
    }

    /// The metadata of a result with who answered, as modern results say it.
    private func meta(_ meta: JSONObject?) -> JSONObject {
        var meta = meta ?? [:]
        meta[MetaKey.serverInfo.rawValue] = .object(serverInfo)
        return meta
    }
}
