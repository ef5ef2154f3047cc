public import JSON
public import MCP

/// The output of a tool.
///
/// Source: "Tools", all revisions. Content that an older revision does not support is converted to text or omitted.
public struct ToolOutput: Sendable {
    /// A part of the content.
    public enum Block: Sendable {
        /// A content block.
        case block(ContentBlock)
        /// A text block in UTF-8. Large texts need not become a string first.
        case text(utf8: [UInt8])
    }

    /// The parts of the content in order.
    public var content: [Block]
    /// The structured content, already encoded.
    public var structured: JSONText?
    /// Whether the tool failed.
    public var isError: Bool
    /// The `_meta` of the result.
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

    /// Creates an output with content blocks.
    public static func blocks(_ blocks: ContentBlock..., isError: Bool = false) -> ToolOutput {
        ToolOutput(content: blocks.map(Block.block), isError: isError)
    }

    /// Creates an output with one text.
    public static func text(_ text: String) -> ToolOutput {
        .blocks(.text(text))
    }

    /// Creates the output of a failed call.
    ///
    /// The text should help the model to correct it.
    public static func failure(_ text: String) -> ToolOutput {
        .blocks(.text(text), isError: true)
    }

    /// Creates an output with structured content, repeated as text for clients that read only text.
    public static func structured(_ value: JSONValue) -> ToolOutput {
        .structured(JSONText(value))
    }

    /// Creates an output with encoded structured content, repeated as text for clients that read only text.
    public static func structured(_ text: JSONText) -> ToolOutput {
        ToolOutput(content: [.text(utf8: Array(text.bytes))], structured: text)
    }
}
