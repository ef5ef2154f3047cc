import JSON
import MCP

extension ToolOutput {
    /// Writes the output as a result of a revision.
    func write(to writer: inout JSONWriter, in revision: Revision, meta: JSONObject?) {
        let profile = revision.profile
        writer.beginObject()
        if profile.has(.resultType) {
            writer.key("resultType")
            writer.write(ResultType.complete.rawValue)
        }
        writer.key("content")
        writer.beginArray()
        for block in content { block.write(to: &writer, in: revision) }
        writer.endArray()
        if let structured, profile.carries(structured) {
            writer.key("structuredContent")
            writer.write(structured)
        }
        writer.key("isError")
        writer.write(isError)
        if let meta {
            writer.key("_meta")
            writer.write(meta)
        }
        writer.endObject()
    }

    /// The output as an object, to be nested in another result.
    func object(in revision: Revision) -> JSONObject {
        var writer = JSONWriter(capacity: capacity)
        write(to: &writer, in: revision, meta: meta)
        return JSONText(written: &writer).value().object ?? [:]
    }

    /// The approximate size of the result in bytes.
    var capacity: Int {
        content.reduce(512 + (structured?.bytes.count ?? 0)) { sum, block in
            if case .text(let bytes) = block { sum + bytes.count + bytes.count / 8 } else { sum + 256 }
        }
    }
}

extension ToolOutput.Block {
    fileprivate func write(to writer: inout JSONWriter, in revision: Revision) {
        switch self {
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
}

extension RevisionProfile {
    /// Whether a tool result may have this structured content.
    fileprivate func carries(_ structured: JSONText) -> Bool {
        has(.anyStructuredContent) || has(.structuredContent) && structured.kind == .object
    }
}
