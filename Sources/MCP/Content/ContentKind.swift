/// What a content block is.
public struct ContentKind: OpenSet {
    /// The `type` on the wire.
    public let rawValue: String

    /// Creates a kind, known or not.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Text.
    public static let text: ContentKind = "text"
    /// A picture.
    public static let image: ContentKind = "image"
    /// A sound.
    public static let audio: ContentKind = "audio"
    /// The content of a resource.
    public static let resource: ContentKind = "resource"
    /// A pointer to a resource.
    public static let resourceLink: ContentKind = "resource_link"
    /// A model's wish to use a tool.
    public static let toolUse: ContentKind = "tool_use"
    /// What came of using a tool.
    public static let toolResult: ContentKind = "tool_result"
}
