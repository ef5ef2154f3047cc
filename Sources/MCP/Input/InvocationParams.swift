public import JSON

/// The parameters of a request that names a tool or prompt and passes arguments to it.
public protocol InvocationParams: RetryableParams {}

extension InvocationParams {
    /// Creates parameters from a name and arguments.
    public init(name: String, arguments: JSONObject? = nil) {
        self.init(json: [:])
        self.name = name
        self.arguments = arguments
    }

    /// The name of the tool or prompt.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The arguments by name; of a prompt all are strings.
    public var arguments: JSONObject? {
        get { self["arguments"] }
        set { self["arguments"] = newValue }
    }
}
