import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// What client and server have agreed on, and the headers that follow from it.
///
/// Source: transports, "Streamable HTTP", 2025-03-26 to 2026-07-28.
struct NegotiatedSession: Sendable {
    /// The negotiated revision; nil during the handshake.
    var revision: Revision?
    /// The session ID; nil if the server did not assign one.
    var sessionID: String?

    /// Whether a frame follows the rules of the stateless era: by the revision it names itself, or by the negotiated one.
    func isStateless(_ head: FrameHead) -> Bool {
        if let named = head.revision { return Revision(wireName: named)?.era != .legacy }
        return revision?.era == .modern
    }

    /// The headers of a request that posts a frame.
    func fields(for head: FrameHead, of target: HTTPTarget) -> HTTPHeaders {
        var fields = HTTPHeaders()
        fields.reserveCapacity(8 + target.fields.count + head.arguments.count + head.fields.count)
        fields.add(name: "Content-Type", value: "application/json")
        fields.add(name: "Accept", value: "application/json, text/event-stream")
        if isStateless(head) {
            addRouting(head, to: &fields)
        } else if head.method != .initialize {
            addSession(to: &fields)
        }
        target.addFields(to: &fields)
        // The headers of one call win over all others, so that a server can be tested with wrong ones.
        if !head.fields.isEmpty {
            for name in Set(head.fields.map { $0.name.lowercased() }) { fields.remove(name: name) }
            for field in head.fields { fields.add(name: field.name, value: field.value) }
        }
        return fields
    }

    /// The headers of a request that belongs to the session and carries no frame.
    func fieldsWithoutFrame(of target: HTTPTarget, accept: String? = nil, lastEventID: String? = nil) -> HTTPHeaders {
        var fields = HTTPHeaders()
        if let accept { fields.add(name: "Accept", value: accept) }
        addSession(to: &fields)
        if let lastEventID { fields.add(name: "Last-Event-ID", value: lastEventID) }
        target.addFields(to: &fields)
        return fields
    }

    private func addRouting(_ head: FrameHead, to fields: inout HTTPHeaders) {
        if let version = head.revision ?? revision?.wireName {
            fields.add(name: "MCP-Protocol-Version", value: version)
        }
        if let method = head.method { fields.add(name: "Mcp-Method", value: FieldText.encode(method.rawValue)) }
        if let name = head.name { fields.add(name: "Mcp-Name", value: FieldText.encode(name)) }
        for argument in head.arguments {
            fields.add(name: "Mcp-Param-\(argument.field)", value: FieldText.encode(argument.value))
        }
    }

    private func addSession(to fields: inout HTTPHeaders) {
        if let revision, revision.has(.versionHeader) {
            fields.add(name: "MCP-Protocol-Version", value: revision.wireName)
        }
        if let sessionID { fields.add(name: "Mcp-Session-Id", value: sessionID) }
    }
}
