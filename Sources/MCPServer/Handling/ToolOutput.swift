public import JSON
public import MCP

/// What a tool has to say.
///
/// Source: "Tools", all revisions. What an older revision cannot carry is left out or put into words on the way.
public struct ToolOutput: Sendable {
    /// A piece of content.
    public enum Block: Sendable {
        /// A content block.
        case block(ContentBlock)
        /// A text block whose text is UTF-8 bytes, for large payloads that need not become a string first.
        case text(utf8: [UInt8])
    }

    /// The pieces in order.
    public var content: [Block]
    /// The result as data, already encoded.
    public var structured: JSONText?
    /// Whether the tool failed.
    public var isError: Bool
    /// What belongs into `_meta`.
    public var meta: JSONObject?

    /// Creates an output.
    public init(
        content: [Block],
        structured: JSONText? = nil,
        isError: Bool = false,
        meta: JSONObject? = nil
    ) {
        self.content = content
        self.structured = structured
        self.isError = isError
        self.meta = meta
    }

    /// Creates an output of content blocks.
    public static func blocks(_ blocks: ContentBlock..., isError: Bool = false) -> ToolOutput {
        ToolOutput(content: blocks.map(Block.block), isError: isError)
    }

    /// Creates an output of one text.
    public static func text(_ text: String) -> ToolOutput {
        .blocks(.text(text))
    }

    /// Tells that the tool failed, in words that help to do better.
    public static func failure(_ text: String) -> ToolOutput {
        .blocks(.text(text), isError: true)
    }

    /// Creates an output of data, and of the same as text for clients that read nothing else.
    public static func structured(_ value: JSONValue) -> ToolOutput {
        .structured(JSONText(value))
    }

    /// Creates an output of encoded data, and of the same as text for clients that read nothing else.
    public static func structured(_ text: JSONText) -> ToolOutput {
        ToolOutput(content: [.text(utf8: Array(text.bytes))], structured: text)
    }
}
