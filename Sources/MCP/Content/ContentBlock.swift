public import JSON

/// A piece of content: what tools, prompts and models say.
///
/// Which members there are depends on the ``kind``; blocks of kinds that nobody knows are kept like all others.
/// Source: "Tools", "Prompts" and "Sampling", all revisions.
public struct ContentBlock: JSONObjectView {
    /// The block as received.
    public var json: JSONObject

    /// Looks at an object as a block.
    public init(json: JSONObject) {
        self.json = json
    }

    /// What the block is.
    public var kind: ContentKind? {
        get { self["type"] }
        set { self["type"] = newValue }
    }

    /// For whom it is and how much it matters.
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

    /// The bytes of an image or sound, in Base64.
    public var data: String? {
        get { self["data"] }
        set { self["data"] = newValue }
    }

    /// The type of an image, a sound or a linked resource.
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

    /// The name of the tool that a model wants to use.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The id by which the result of a tool's use will be tied to it.
    public var id: String? {
        get { self["id"] }
        set { self["id"] = newValue }
    }

    /// What a model wants to call a tool with.
    public var input: JSONObject? {
        get { self["input"] }
        set { self["input"] = newValue }
    }

    /// The id of the use that a tool result belongs to.
    public var toolUseID: String? {
        get { self["toolUseId"] }
        set { self["toolUseId"] = newValue }
    }

    /// What the tool had to say.
    public var content: [ContentBlock]? {
        get { self["content"] }
        set { self["content"] = newValue }
    }

    /// The tool's result as data.
    public var structuredContent: JSONValue? {
        get { self["structuredContent"] }
        set { self["structuredContent"] = newValue }
    }

    /// Whether the tool failed; absent means no.
    public var isError: Bool? {
        get { self["isError"] }
        set { self["isError"] = newValue }
    }
}

// MARK: - Building

extension ContentBlock {
    /// Creates text.
    public static func text(_ text: String) -> ContentBlock {
        ContentBlock(json: ["type": "text", "text": .string(text)])
    }

    /// Creates an image from Base64.
    public static func image(data: String, mimeType: String) -> ContentBlock {
        ContentBlock(json: ["type": "image", "data": .string(data), "mimeType": .string(mimeType)])
    }

    /// Creates a sound from Base64.
    public static func audio(data: String, mimeType: String) -> ContentBlock {
        ContentBlock(json: ["type": "audio", "data": .string(data), "mimeType": .string(mimeType)])
    }

    /// Embeds the content of a resource.
    public static func resource(_ contents: ResourceContents) -> ContentBlock {
        ContentBlock(json: ["type": "resource", "resource": contents.jsonValue])
    }

    /// Points to a resource.
    public static func resourceLink(_ resource: Resource) -> ContentBlock {
        ContentBlock(json: JSONObject([.init(key: "type", value: "resource_link")] + resource.json.members))
    }
}
