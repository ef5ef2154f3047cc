public import JSON

/// What a tool was called with.
public struct ToolArguments: Sendable {
    /// The arguments as they were received; `{}` if there were none.
    public let text: JSONText

    private let parsed: JSONObject?

    init(text: JSONText?, parsed: JSONObject? = nil) {
        self.text = text ?? JSONText(.object([:]))
        self.parsed = text == nil ? [:] : parsed
    }

    /// The arguments as a tree.
    ///
    /// The tree of arguments that were checked against a schema is there already; otherwise it is made at each use.
    public var object: JSONObject {
        parsed ?? text.value().object ?? [:]
    }

    /// The argument of that name.
    public subscript(name: String) -> JSONValue? {
        object[name]
    }
}
