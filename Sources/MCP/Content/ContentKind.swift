/// The kind of a content block.
public struct ContentKind: OpenSet {
    /// The `type` member on the wire.
    public let rawValue: String

    /// Creates a kind, known or unknown.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Plain text.
    public static let text: ContentKind = "text"
    /// An image.
    public static let image: ContentKind = "image"
    /// An audio clip.
    public static let audio: ContentKind = "audio"
    /// The content of a resource.
    public static let resource: ContentKind = "resource"
    /// A link to a resource.
    public static let resourceLink: ContentKind = "resource_link"
    /// A tool call by a model.
    public static let toolUse: ContentKind = "tool_use"
    /// The result of a tool call by a model.
    public static let toolResult: ContentKind = "tool_result"
}
