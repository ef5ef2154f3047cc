import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOHTTP1
import TextUtilities

/// A request of the stateless era, whose head must repeat parts of its body.
///
/// The specification gives no order of the checks; this is the reference implementation's. The conversation checks what concerns
/// only the body.
/// Source: 2026-07-28, "Streamable HTTP", "Server validation" and "Custom headers from tool parameters".
struct ModernRequest {
    let headers: HTTPHeaders
    let message: Message.Request
    let meta: RequestMeta

    /// Why the request is refused, or nil.
    ///
    /// - Parameter mirrored: The arguments of a tool that the head must repeat.
    func refusal(mirrored: (_ tool: String) -> [MirroredArgument]) -> RPCError? {
        do throws(RPCError) {
            try checkDuplicates()
            // Only the head of this request says that it belongs to this era.
            if !meta.isEnvelope {
                if message.method == Method.initialize.rawValue { throw .methodNotFound(message.method) }
                throw .invalidParams(
                    "missing _meta[\"\(MetaKey.protocolVersion)\"], which every request of this revision must have"
                )
            }
            if message.method == Method.initialize.rawValue { throw .methodNotFound(message.method) }
            // The conversation reports an incomplete envelope.
            guard let version = meta.json[MetaKey.protocolVersion.rawValue]?.string,
                meta.json[MetaKey.clientCapabilities.rawValue] != nil
            else { return nil }
            try check(FieldName.version, is: version, from: "_meta[\"\(MetaKey.protocolVersion)\"]")
            try check(FieldName.method, is: message.method, from: "\"method\"")
            try checkName()
            guard Revision(wireName: version)?.era == .modern else { return nil }
            try checkArguments(mirrored)
            return nil
        } catch {
            return error
        }
    }

    /// The values of a header, without spaces around them.
    private func values(of field: String) -> [String] {
        headers[field].map { String($0[...].trimmingSpaces) }
    }

    private func checkDuplicates() throws(RPCError) {
        for name in [FieldName.version, FieldName.method, FieldName.name] {
            let count = headers[name].count
            if count > 1 { throw .headerMismatch("the header \(name) is given \(count) times") }
        }
    }

    private func check(_ field: String, is expected: String, from place: String) throws(RPCError) {
        guard let value = values(of: field).first else {
            throw .headerMismatch("missing header \(field); \(place) is \(JSONValue.string(expected))")
        }
        guard value == expected else {
            throw .headerMismatch(
                "the header \(field) is \(JSONValue.string(value)), but \(place) is \(JSONValue.string(expected))"
            )
        }
    }

    // MARK: - Mcp-Name

    private func checkName() throws(RPCError) {
        guard let member = Self.namingMember(of: Method(rawValue: message.method)) else { return }
        let expected = message.params?[member]?.string
        guard let value = values(of: FieldName.name).first else {
            // If the body has no name either, the conversation reports it.
            guard let expected else { return }
            throw .headerMismatch(
                "missing header \(FieldName.name); \"\(member)\" is \(JSONValue.string(expected))"
            )
        }
        guard try decode(value, of: FieldName.name) == expected else {
            let body = expected.map { "\(JSONValue.string($0))" } ?? "missing"
            throw .headerMismatch(
                "the header \(FieldName.name) is \(JSONValue.string(value)), but \"\(member)\" is \(body)"
            )
        }
    }

    /// The parameter that `Mcp-Name` must repeat.
    private static func namingMember(of method: Method) -> StaticString? {
        switch method {
        case .toolsCall, .promptsGet: "name"
        case .resourcesRead: "uri"
        case .tasksGet, .tasksUpdate, .tasksCancel: "taskId"
        default: nil
        }
    }

    private func decode(_ value: String, of field: String) throws(RPCError) -> String {
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else {
            throw .headerMismatch(
                "the header \(field) has characters that are not allowed in headers; encode it in Base64"
            )
        }
        guard let text = FieldText.decode(value) else {
            throw .headerMismatch("the header \(field) is \(value), which is not Base64 of UTF-8 text")
        }
        return text
    }

    // MARK: - Mcp-Param-*

    private func checkArguments(_ mirrored: (String) -> [MirroredArgument]) throws(RPCError) {
        guard message.method == Method.toolsCall.rawValue, let tool = message.params?["name"]?.string else { return }
        let arguments = mirrored(tool)
        guard !arguments.isEmpty else { return }
        let given = message.params?["arguments"]?.value().object ?? [:]
        for argument in arguments { try check(argument, in: given) }
    }

    private func check(_ argument: MirroredArgument, in given: JSONObject) throws(RPCError) {
        let field = FieldName.argumentPrefix + argument.field
        let place = "the argument \"\(argument.path.joined(separator: "."))\""
        let values = values(of: field)
        if values.count > 1 { throw .headerMismatch("the header \(field) is given \(values.count) times") }
        let actual = try values.first.map { value throws(RPCError) in try decode(value, of: field) }
        let expected = argument.text(in: given)
        guard let actual else {
            guard let expected else { return }
            throw .headerMismatch("missing header \(field); \(place) is \(JSONValue.string(expected))")
        }
        guard let expected else {
            throw .headerMismatch("the header \(field) is \(JSONValue.string(actual)), but \(place) is missing")
        }
        guard actual == expected || isSameNumber(actual, argument, in: given) else {
            throw .headerMismatch(
                "the header \(field) is \(JSONValue.string(actual)), but \(place) is \(JSONValue.string(expected))"
            )
        }
    }

    /// Whether the head writes the number of the body in another way, such as 42.0 for 42.
    private func isSameNumber(_ text: String, _ argument: MirroredArgument, in given: JSONObject) -> Bool {
        var value = JSONValue.object(given)
        for name in argument.path { value = value[name] ?? .null }
        guard let number = value.number, let other = JSONNumber(literal: text) else { return false }
        return number == other
    }
}
