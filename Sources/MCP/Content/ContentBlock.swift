public import JSON

/// A content block of a tool result, a prompt or a model's message.
///
/// The members depend on ``kind``. Blocks of unknown kinds are kept like all others.
/// Source: "Tools", "Prompts" and "Sampling", all revisions.
public struct ContentBlock: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The kind of the block.
    public var kind: ContentKind? {
        get { self["type"] }
        set { self["type"] = newValue }
    }

    /// The intended audience and the priority.
    public var annotations: Annotations? {
        get { self["annotations"] }
        set { self["annotations"] = newValue }
    }

    // MARK: Text, image, audio

    /// The text of a text block.
    public var text: String? {
        get { self["text"] }
        set { self["text"] = newValue }
    }

    /// The bytes of an image or audio clip, in Base64.
    public var data: String? {
        get { self["data"] }
        set { self["data"] = newValue }
    }

    /// The media type of an image, an audio clip or a linked resource.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
    }

    // MARK: Resources

    /// The content of an embedded resource.
    public var resource: ResourceContents? {
        get { self["resource"] }
        set { self["resource"] = newValue }
    }

    /// The resource that a resource link points to.
    public var link: Resource? {
        kind == .resourceLink ? Resource(json: json) : nil
    }

    // MARK: Tools in sampling

    /// The name of the tool that the model calls.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The ID of the tool call, which its result repeats.
    public var id: String? {
        get { self["id"] }
        set { self["id"] = newValue }
    }

    /// The arguments with which the model calls the tool.
    public var input: JSONObject? {
        get { self["input"] }
        set { self["input"] = newValue }
    }

    /// The ID of the tool call that the result belongs to.
    public var toolUseID: String? {
        get { self["toolUseId"] }
        set { self["toolUseId"] = newValue }
    }

    /// The content of the tool's result.
    public var content: [ContentBlock]? {
        get { self["content"] }
        set { self["content"] = newValue }
    }

    /// The structured result of the tool.
    public var structuredContent: JSONValue? {
        get { self["structuredContent"] }
        set { self["structuredContent"] = newValue }
    }

    /// Whether the tool failed (default: false).
    public var isError: Bool? {
        get { self["isError"] }
        set { self["isError"] = newValue }
    }
}

// MARK: - Building

extension ContentBlock {
    /// Creates a text.
    public static func text(_ text: String) -> ContentBlock {
        ContentBlock(json: ["type": "text", "text": .string(text)])
    }

    /// Creates an image from Base64.
    public static func image(data: String, mimeType: String) -> ContentBlock {
        ContentBlock(json: ["type": "image", "data": .string(data), "mimeType": .string(mimeType)])
    }

    /// Creates an audio clip from Base64.
    public static func audio(data: String, mimeType: String) -> ContentBlock {
        ContentBlock(json: ["type": "audio", "data": .string(data), "mimeType": .string(mimeType)])
    }

    /// Creates an embedded resource.
    public static func resource(_ contents: ResourceContents) -> ContentBlock {
        ContentBlock(json: ["type": "resource", "resource": contents.jsonValue])
    }

    /// Creates a resource link.
    public static func resourceLink(_ resource: Resource) -> ContentBlock {
        ContentBlock(json: JSONObject([.init(key: "type", value: "resource_link")] + resource.json.members))
    }
}
