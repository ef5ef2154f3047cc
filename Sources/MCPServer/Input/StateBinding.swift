import Crypto
import JSON
import MCPTransport

/// The principal and request that a state belongs to.
///
/// It is rejected with any other.
struct StateBinding {
    /// The principal that sent the request.
    let principal: Principal
    /// The method of the request.
    let method: String
    /// The parameters as received.
    let params: JSONText?

    /// A hash of the binding.
    ///
    /// The order of the parameters' members does not matter, because a client may write them in another order.
    var digest: [UInt8] {
        var hash = SHA256()
        switch principal {
        case .local: hash.update(data: [0])
        case .subject(let subject):
            hash.update(data: [1])
            hash.update(data: Array(subject.utf8))
        }
        // 0xFF does not occur in UTF-8, so it separates the parts unambiguously.
        hash.update(data: [0xFF])
        hash.update(data: Array(method.utf8))
        hash.update(data: [0xFF])
        hash.update(data: Array(JSONText(.object(stableParams)).bytes))
        return Array(hash.finalize())
    }

    /// The parameters without the members that change from one round to the next.
    private var stableParams: JSONObject {
        var object = params?.value().object ?? [:]
        for name in ["_meta", "inputResponses", "requestState"] { object[name] = nil }
        return object.sorted
    }
}

extension JSONObject {
    /// The object with its members sorted by name at every level.
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
