public import JSON

/// The `data` of an ``ErrorCode/unsupportedProtocolVersion`` error.
///
/// Source: 2026-07-28, "Versioning".
public struct UnsupportedVersionData: JSONObjectView {
    /// The data as received.
    public var json: JSONObject

    /// Looks at an object as this data.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The versions that the server speaks.
    public var supported: [String]? {
        get { self["supported"] }
        set { self["supported"] = newValue }
    }

    /// The version that the client asked for.
    public var requested: String? {
        get { self["requested"] }
        set { self["requested"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("supported", .array(.string)),
        .required("requested", .string),
    ]
}

/// The `data` of an ``ErrorCode/missingRequiredClientCapability`` error.
public struct MissingCapabilityData: JSONObjectView {
    /// The data as received.
    public var json: JSONObject

    /// Looks at an object as this data.
    public init(json: JSONObject) {
        self.json = json
    }

    /// What the client would have to declare.
    public var requiredCapabilities: ClientCapabilities? {
        get { self["requiredCapabilities"] }
        set { self["requiredCapabilities"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [.required("requiredCapabilities", .view(ClientCapabilities.self))]
}

/// The `data` of an ``ErrorCode/urlElicitationRequired`` error.
///
/// Source: 2025-11-25, "Elicitation".
public struct URLElicitationRequiredData: JSONObjectView {
    /// The data as received.
    public var json: JSONObject

    /// Looks at an object as this data.
    public init(json: JSONObject) {
        self.json = json
    }

    /// What the user has to do before the request is tried again.
    public var elicitations: [ElicitParams]? {
        get { self["elicitations"] }
        set { self["elicitations"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [.required("elicitations", .arrayOf(ElicitParams.self))]
}
