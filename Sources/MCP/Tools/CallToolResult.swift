public import JSON

/// The result of `tools/call`.
///
/// Source: "Tools", all revisions.
public struct CallToolResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(content: [ContentBlock], structuredContent: JSONValue? = nil, isError: Bool? = nil) {
        self.init(json: [:])
        self.content = content
        self.structuredContent = structuredContent
        self.isError = isError
    }

    /// The content of the result.
    public var content: [ContentBlock]? {
        get { self["content"] }
        set { self["content"] = newValue }
    }

    /// The structured result, which conforms to the tool's output schema.
    public var structuredContent: JSONValue? {
        get { self["structuredContent"] }
        set { self["structuredContent"] = newValue }
    }

    /// Whether the tool failed (default: false).
    public var isError: Bool? {
        get { self["isError"] }
        set { self["isError"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .result(
        .required("content", .arrayOf(ContentBlock.self)),
        .optional("structuredContent", .object, since: .v2025_06_18, through: .v2025_11_25),
        .optional("structuredContent", .any, since: .v2026_07_28),
        .optional("isError", .boolean)
    )
}
