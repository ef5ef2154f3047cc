public import JSON

/// The arguments of a tool call.
public struct ToolArguments: Sendable {
    /// The arguments as received; `{}` if they were omitted.
    public let text: JSONText

    private let parsed: JSONObject?

    init(text: JSONText?, parsed: JSONObject? = nil) {
        self.text = text ?? JSONText(.object([:]))
        self.parsed = text == nil ? [:] : parsed
    }

    /// The parsed arguments.
    ///
    /// Arguments that were checked against a schema are already parsed. Others are parsed at each access.
    public var object: JSONObject {
        parsed ?? text.value().object ?? [:]
    }

    /// The argument with a name.
    public subscript(name: String) -> JSONValue? {
        object[name]
    }
}
