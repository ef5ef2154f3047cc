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
            return Message.encode(id: id, capacity: output.capacity) { writer in
                write(output, in: revision, to: &writer)
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

    private func write(_ output: ToolOutput, in revision: Revision, to writer: inout JSONWriter) {
        let profile = revision.profile
        writer.beginObject()
        if profile.has(.resultType) {
            writer.key("resultType")
            writer.write(ResultType.complete.rawValue)
        }
        writer.key("content")
        writer.beginArray()
        for block in output.content { write(block, in: revision, to: &writer) }
        writer.endArray()
        if let structured = output.structured, profile.carries(structured) {
            writer.key("structuredContent")
            writer.write(structured)
        }
        writer.key("isError")
        writer.write(output.isError)
        if let meta = profile.has(.resultType) ? meta(output.meta) : output.meta {
            writer.key("_meta")
            writer.write(meta)
        }
        writer.endObject()
    }

    private func write(_ block: ToolOutput.Block, in revision: Revision, to writer: inout JSONWriter) {
        switch block {
        case .block(let block): writer.write(block.adapted(to: revision).json)
        case .text(let bytes):
            writer.beginObject()
            writer.key("type")
            writer.write(ContentKind.text.rawValue)
            writer.key("text")
            writer.write(quoting: bytes)
            writer.endObject()
        }
    }

    /// The metadata of a result with who answered, as modern results say it.
    private func meta(_ meta: JSONObject?) -> JSONObject {
        var meta = meta ?? [:]
        meta[MetaKey.serverInfo.rawValue] = .object(serverInfo)
        return meta
    }
}

extension RevisionProfile {
    /// Tells whether a tool's result may hold that data.
    fileprivate func carries(_ structured: JSONText) -> Bool {
        has(.anyStructuredContent) || has(.structuredContent) && structured.kind == .object
    }
}

extension ToolOutput {
    /// Roughly how many bytes it will take.
    fileprivate var capacity: Int {
        content.reduce(512 + (structured?.bytes.count ?? 0)) { sum, block in
            if case .text(let bytes) = block { sum + bytes.count + bytes.count / 8 } else { sum + 256 }
        }
    }
}
