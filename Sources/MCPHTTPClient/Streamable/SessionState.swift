import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// What requests to one server have in common, and what of it each request says in its head.
///
/// Source: transports, "Streamable HTTP", 2025-03-26 to 2026-07-28.
struct SessionState: Sendable {
    /// The revision that was agreed upon.
    var revision: Revision?
    /// The session's id, if the server gave one.
    var sessionID: String?

    /// Tells whether a frame goes by the rules of the modern era: by what it says itself, else by what was agreed.
    func isModern(_ head: FrameHead) -> Bool {
        if let named = head.revision { return Revision(wireName: named)?.era != .legacy }
        return revision?.era == .modern
    }

    /// The fields of a request that posts a frame.
    func fields(for head: FrameHead, of target: HTTPTarget) -> HTTPHeaders {
        var fields: HTTPHeaders = [
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
        ]
        if isModern(head) {
            addRouting(head, to: &fields)
        } else if head.method != .initialize {
            addSession(to: &fields)
        }
        addUsers(target.fields, to: &fields)
        // A tester must be able to say the wrong thing, so the fields of one call come last and win.
        for name in Set(head.fields.map { $0.name.lowercased() }) { fields.remove(name: name) }
        for field in head.fields { fields.add(name: field.name, value: field.value) }
        return fields
    }

    /// The fields of a request that belongs to the session and carries no frame.
    func fieldsWithoutFrame(of target: HTTPTarget, accept: String? = nil, lastEventID: String? = nil) -> HTTPHeaders {
        var fields = HTTPHeaders()
        if let accept { fields.add(name: "Accept", value: accept) }
        addSession(to: &fields)
        if let lastEventID { fields.add(name: "Last-Event-ID", value: lastEventID) }
        addUsers(target.fields, to: &fields)
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

    private func addUsers(_ users: [HTTPField], to fields: inout HTTPHeaders) {
        for field in users { fields.add(name: field.name, value: field.value) }
        if !fields.contains(name: "User-Agent") { fields.add(name: "User-Agent", value: "mcp-test-mcp") }
    }
}
