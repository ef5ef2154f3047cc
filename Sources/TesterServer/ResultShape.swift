import JSON
import Tester

/// The members of a tool's result that its output schema declares, besides verdict and success.
///
/// The schema is for readers: results are not validated when they are sent. The tests do that.
struct ResultShape: Sendable, ExpressibleByArrayLiteral {
    /// One member.
    struct Member: Sendable {
        let key: String
        let schema: JSONValue
        /// What a failure has in its place; `nil` if the member may be missing.
        let empty: JSONValue?

        /// An object in every result, or null after a failure.
        static func object(_ key: String) -> Member { value(key, "object") }

        /// An array in every result, empty after a failure.
        static func list(_ key: String) -> Member {
            Member(key: key, schema: ["type": "array"], empty: [])
        }

        /// A value in every result, or null after a failure.
        static func value(_ key: String, _ type: String) -> Member {
            Member(key: key, schema: ["type": [.string(type), "null"]], empty: .null)
        }

        /// A member that only some results have.
        static func optional(_ key: String, _ types: String...) -> Member {
            let type: JSONValue = types.count == 1 ? .string(types[0]) : .array(types.map(JSONValue.string))
            return Member(key: key, schema: types.isEmpty ? [:] : ["type": type], empty: nil)
        }
    }

    private let members: [Member]

    init(arrayLiteral members: Member...) {
        self.members = members
    }

    /// The output schema.
    var schema: JSONObject {
        let required = ["verdict", "success"] + members.filter { $0.empty != nil }.map(\.key)
        return [
            "type": "object",
            "properties": .object(JSONObject(members.map { .init(key: $0.key, value: $0.schema) })),
            "required": .array(required.map(JSONValue.string)),
        ]
    }

    /// Adds what a failed call has instead of a result, as users of the first mcp-test-mcp expect it.
    func complete(_ report: inout Report) {
        for member in members where !report.members.contains(where: { $0.key == member.key }) {
            if let empty = member.empty { report.add(member.key, .value(empty), detail: .core) }
        }
    }
}
