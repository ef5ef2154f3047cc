public import JSON

/// The parameters of `sampling/createMessage`.
///
/// Source: "Sampling", all revisions; since 2026-07-28 inside `inputRequests` only.
public struct CreateMessageParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that request a message from a model.
    public init(messages: [SamplingMessage], maxTokens: Int) {
        self.init(json: [:])
        self.messages = messages
        self.maxTokens = maxTokens
    }

    /// The conversation so far.
    public var messages: [SamplingMessage]? {
        get { self["messages"] }
        set { self["messages"] = newValue }
    }

    /// The maximum length of the generated text, in tokens.
    public var maxTokens: Int? {
        get { self["maxTokens"] }
        set { self["maxTokens"] = newValue }
    }

    /// The preferred kind of model.
    public var modelPreferences: ModelPreferences? {
        get { self["modelPreferences"] }
        set { self["modelPreferences"] = newValue }
    }

    /// The system prompt for the model.
    public var systemPrompt: String? {
        get { self["systemPrompt"] }
        set { self["systemPrompt"] = newValue }
    }

    /// The servers whose context to add: `none`, `thisServer` or `allServers`.
    public var includeContext: String? {
        get { self["includeContext"] }
        set { self["includeContext"] = newValue }
    }

    /// The sampling temperature.
    public var temperature: Double? {
        get { self["temperature"] }
        set { self["temperature"] = newValue }
    }

    /// The strings at which the model stops.
    public var stopSequences: [String]? {
        get { self["stopSequences"] }
        set { self["stopSequences"] = newValue }
    }

    /// Values for the provider of the model.
    public var metadata: JSONObject? {
        get { self["metadata"] }
        set { self["metadata"] = newValue }
    }

    /// The tools that the model may use.
    public var tools: [Tool]? {
        get { self["tools"] }
        set { self["tools"] = newValue }
    }

    /// Whether the model may or must use a tool.
    public var toolChoice: ToolChoice? {
        get { self["toolChoice"] }
        set { self["toolChoice"] = newValue }
    }

    /// Requests a task instead of a result; 2025-11-25 only.
    public var task: TaskMetadata? {
        get { self["task"] }
        set { self["task"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .inputParams(
        .required("messages", .arrayOf(SamplingMessage.self)),
        .required("maxTokens", .integer),
        .optional("modelPreferences", .view(ModelPreferences.self)),
        .optional("systemPrompt", .string),
        .optional("includeContext", .oneOf(["none", "thisServer", "allServers"])),
        .optional("temperature", .number),
        .optional("stopSequences", .array(.string)),
        .optional("metadata", .object),
        .optional("tools", .arrayOf(Tool.self), since: .v2025_11_25),
        .optional("toolChoice", .view(ToolChoice.self), since: .v2025_11_25),
        .optional("task", .view(TaskMetadata.self), since: .v2025_11_25, through: .v2025_11_25)
    )
}
