import Crypto
import JSON
import MCPTransport

/// What a state belongs to: nobody else may bring it back, and not with another request.
struct StateBinding {
    /// On whose behalf the request is made.
    let principal: Principal
    /// The method of the request.
    let method: String
    /// Its parameters as received.
    let params: JSONText?

    /// What tells one binding from another, always as long.
    ///
    /// A client may write the members of its retry in another order; what they say must be the same.
    var digest: [UInt8] {
        var hash = SHA256()
        switch principal {
        case .local: hash.update(data: [0])
        case .subject(let subject):
            hash.update(data: [1])
            hash.update(data: Array(subject.utf8))
        }
        // No byte of UTF-8 is 0xFF, so that nothing can be moved from one part to the next.
        hash.update(data: [0xFF])
        hash.update(data: Array(method.utf8))
        hash.update(data: [0xFF])
        hash.update(data: Array(JSONText(.object(asked)).bytes))
        return Array(hash.finalize())
    }

    /// What the request asks for, without what changes from one round to the next.
    private var asked: JSONObject {
        var object = params?.value().object ?? [:]
        for name in ["_meta", "inputResponses", "requestState"] { object[name] = nil }
        return object.sorted
    }
}

extension JSONObject {
    /// The same with its members in the order of their names, inside too.
    fileprivate var sorted: JSONObject {
        let members = members.map { Member(key: $0.key, value: $0.value.sorted) }
        return JSONObject(members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }
}

extension JSONValue {
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let object): .object(object.sorted)
        case .array(let values): .array(values.map(\.sorted))
        default: self
        }
    }
}
