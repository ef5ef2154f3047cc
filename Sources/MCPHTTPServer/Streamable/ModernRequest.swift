import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOHTTP1
import TextUtilities

/// A request of the modern era: what its head says is held against what its body says.
///
/// The order of the checks is the reference implementation's, for the specification gives none. What only the body can be
/// wrong in, the conversation answers.
/// Source: 2026-07-28, "Streamable HTTP", "Server validation" and "Custom headers from tool parameters".
struct ModernRequest {
    let headers: HTTPHeaders
    let message: Message.Request
    let meta: RequestMeta

    /// Why the request is refused, if it is.
    ///
    /// - Parameter mirrored: Tells which arguments of a tool are repeated in the head.
    func refusal(mirrored: (_ tool: String) -> [MirroredArgument]) -> RPCError? {
        do throws(RPCError) {
            try checkDuplicates()
            // A body without envelope was sent here by its head alone.
            if !meta.isEnvelope {
                if message.method == Method.initialize.rawValue { throw .methodNotFound(message.method) }
                throw .invalidParams(
                    "_meta lacks \"\(MetaKey.protocolVersion)\", which every request of this revision carries"
                )
            }
            if message.method == Method.initialize.rawValue { throw .methodNotFound(message.method) }
            // An incomplete envelope is told before all that follows from it.
            guard let version = meta.json[MetaKey.protocolVersion.rawValue]?.string,
                meta.json[MetaKey.clientCapabilities.rawValue] != nil
            else { return nil }
            try check(FieldName.version, is: version, said: "_meta[\"\(MetaKey.protocolVersion)\"]")
            try check(FieldName.method, is: message.method, said: "\"method\"")
            try checkName()
            guard Revision(wireName: version)?.era == .modern else { return nil }
            try checkArguments(mirrored)
            return nil
        } catch {
            return error
        }
    }

    /// Spaces around a value are not part of it.
    private func values(of field: String) -> [String] {
        headers[field].map { String($0[...].trimmingSpaces) }
    }

    private func checkDuplicates() throws(RPCError) {
        for name in [FieldName.version, FieldName.method, FieldName.name] {
            let count = headers[name].count
            if count > 1 { throw .headerMismatch("\(name) stands \(count) times in the head; once is allowed") }
        }
    }

    private func check(_ field: String, is expected: String, said place: String) throws(RPCError) {
        guard let value = values(of: field).first else {
            throw .headerMismatch("the header \(field) is missing; \(place) is \(JSONValue.string(expected))")
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
            // Without a name in the body either, the conversation says what is wrong.
            guard let expected else { return }
            throw .headerMismatch(
                "the header \(FieldName.name) is missing; \"\(member)\" is \(JSONValue.string(expected))"
            )
        }
        guard try decode(value, of: FieldName.name) == expected else {
            let body = expected.map { "\(JSONValue.string($0))" } ?? "missing"
            throw .headerMismatch(
                "the header \(FieldName.name) is \(JSONValue.string(value)), but \"\(member)\" is \(body)"
            )
        }
    }

    /// The parameter that `Mcp-Name` repeats.
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
            throw .headerMismatch("the header \(field) has characters that no header may have; they go in Base64")
        }
        guard let text = FieldText.decode(value) else {
            throw .headerMismatch("the header \(field) is \(value), between whose marks is no Base64 of UTF-8 text")
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
        if values.count > 1 { throw .headerMismatch("\(field) stands \(values.count) times in the head") }
        let said = try values.first.map { value throws(RPCError) in try decode(value, of: field) }
        let expected = argument.text(in: given)
        guard let said else {
            guard let expected else { return }
            throw .headerMismatch("the header \(field) is missing; \(place) is \(JSONValue.string(expected))")
        }
        guard let expected else {
            throw .headerMismatch("the header \(field) is \(JSONValue.string(said)), but \(place) is not given")
        }
        guard said == expected || isSameNumber(said, argument, in: given) else {
            throw .headerMismatch(
                "the header \(field) is \(JSONValue.string(said)), but \(place) is \(JSONValue.string(expected))"
            )
        }
    }

    /// 42.0 in the head is the 42 of the body.
    private func isSameNumber(_ said: String, _ argument: MirroredArgument, in given: JSONObject) -> Bool {
        var value = JSONValue.object(given)
        for name in argument.path { value = value[name] ?? .null }
        guard let number = value.number, let other = JSONNumber(literal: said) else { return false }
        return number == other
    }
}
