import JSON
import JSONRPC
import JSONSchema
import MCP
import MCPClient
import TextUtilities

/// A checked answer to an input request.
enum InputReply: Sendable {
    /// A result that is sent to the target unchanged.
    case result(JSONObject)
    /// No result, for a reason.
    case refusal(InputRefusal)

    /// Why an answer is invalid: clauses, each about one fault.
    struct Fault: Error {
        var reasons: [String]

        init(_ reasons: String...) { self.reasons = reasons }
        init(_ reasons: [String]) { self.reasons = reasons }
    }

    /// Reads an answer as users give it: the result of the method, or only the part of it that is not obvious.
    ///
    /// An `error` with code and message is sent as an error response, which every server must handle.
    ///
    /// - Parameter isForced: Accepts an answer that does not match the request, to test the target.
    static func read(
        _ answer: JSONObject,
        to request: ReceivedInputRequest,
        isForced: Bool = false
    ) throws(Fault) -> InputReply {
        if let error = answer["error"] { return .refusal(.failed(try self.error(error))) }
        switch request.kind {
        case .elicitation: return try elicitation(answer, request, isForced: isForced)
        case .sampling:
            if let no = try refusal(answer) { return no }
            return try sampling(answer, request, isForced: isForced)
        case .roots:
            if let no = try refusal(answer) { return no }
            return try roots(answer, request, isForced: isForced)
        }
    }

    /// The reply as a handler returns it.
    var outcome: Result<JSONObject, InputRefusal> {
        switch self {
        case .result(let result): .success(result)
        case .refusal(let refusal): .failure(refusal)
        }
    }

    private static func error(_ value: JSONValue) throws(Fault) -> RPCError {
        guard let object = value.object, let code = object["code"]?.int else {
            throw Fault("error must be an object with an integer code and a message")
        }
        return RPCError(code: code, message: object["message"]?.string ?? "", data: object["data"])
    }

    /// Declining or cancelling a request whose result has no member for that.
    private static func refusal(_ answer: JSONObject) throws(Fault) -> InputReply? {
        guard let action = answer["action"] else { return nil }
        switch action.string {
        case "decline": return .refusal(.declined("the user declined"))
        case "cancel": return .refusal(.cancelled)
        case "accept": return nil
        default: throw Fault("action is \(action), but must be decline or cancel, or be omitted")
        }
    }

    // MARK: - Elicitation

    private static func elicitation(
        _ answer: JSONObject,
        _ request: ReceivedInputRequest,
        isForced: Bool
    ) throws(Fault) -> InputReply {
        if isForced, answer["action"] != nil { return .result(answer) }
        if let stranger = answer.members.first(where: { !["action", "content", "_meta"].contains($0.key) }) {
            throw Fault("unknown member \"\(stranger.key)\"; form values belong in content")
        }
        let said = answer["action"] ?? (answer["content"] == nil ? .null : "accept")
        guard let action = said.string.flatMap(ElicitationAction.init(rawValue:)) else {
            let what = said.isNull ? "missing" : "\(said)"
            throw Fault("action is \(what), but must be accept, decline or cancel")
        }
        let content = answer["content"]
        guard action == .accept, request.mode != .url else {
            if let content, !content.isNull {
                let what = request.mode == .url ? "for a URL" : "with action \(action.rawValue)"
                throw Fault("content must be omitted \(what)")
            }
            return .result(["action": .string(action.rawValue)])
        }
        guard let filled = (content ?? [:]).object else {
            throw Fault("content must be an object with the form fields, not \(content ?? nil)")
        }
        if !isForced {
            let reasons = reasons(against: filled, request.params["requestedSchema"]?.value())
            if !reasons.isEmpty { throw Fault(reasons) }
        }
        return .result(["action": "accept", "content": .object(filled)])
    }

    /// Why content does not match a form; empty if the schema itself is invalid.
    static func reasons(against content: JSONObject, _ schema: JSONValue?) -> [String] {
        guard let schema, let object = schema.object else { return [] }
        var reasons: [String] = []
        let names = (object["properties"]?.object?.members ?? []).map(\.key)
        if object["additionalProperties"] == nil {
            for member in content.members where !names.contains(member.key) {
                let hint = nearest(member.key, among: names).map { " (did you mean `\($0)`?)" } ?? ""
                reasons.append("unknown field `\(member.key)`\(hint)")
            }
        }
        do throws(JSONSchemaError) {
            let validation = try JSONSchema(schema, assertsFormats: true).validate(.object(content), as: .form)
            reasons += validation.errors.prefix(10).map(\.message)
        } catch {
            // An invalid schema is reported as a finding about the target.
        }
        return reasons
    }

    // MARK: - Sampling and roots

    private static func sampling(
        _ answer: JSONObject,
        _ request: ReceivedInputRequest,
        isForced: Bool
    ) throws(Fault) -> InputReply {
        var message = answer["message"]?.object ?? answer
        message["action"] = nil
        if let text = message["text"]?.string ?? message["content"]?.string {
            message["text"] = nil
            message["content"] = ["type": "text", "text": .string(text)]
        }
        if message["role"] == nil { message["role"] = "assistant" }
        if message["model"] == nil { message["model"] = "mcp-test-mcp" }
        let problems = CreateMessageResult(json: message).problems(in: request.revision)
        if !isForced, !problems.isEmpty { throw Fault(problems.prefix(10).map(\.description)) }
        return .result(message)
    }

    private static func roots(
        _ answer: JSONObject,
        _ request: ReceivedInputRequest,
        isForced: Bool
    ) throws(Fault) -> InputReply {
        guard let given = answer["roots"]?.array else {
            throw Fault("roots is missing; give an array of file: URIs, or of objects with uri and name")
        }
        let roots = given.map { root in root.string.map { ["uri": .string($0)] } ?? root }
        let result = ListRootsResult(json: ["roots": .array(roots)])
        if !isForced {
            var reasons = result.problems(in: request.revision).map(\.description)
            for uri in roots.compactMap({ $0["uri"]?.string }) where !uri.hasPrefix("file://") {
                reasons.append("the root \(JSONValue.string(uri)) is not a file: URI, as the protocol requires")
            }
            if !reasons.isEmpty { throw Fault(reasons) }
        }
        return .result(result.json)
    }
}
