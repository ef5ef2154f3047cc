public import JSON

/// The `data` of an ``ErrorCode/unsupportedProtocolVersion`` error.
///
/// Source: 2026-07-28, "Versioning".
public struct UnsupportedVersionData: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The protocol versions that the server supports.
    public var supported: [String]? {
        get { self["supported"] }
        set { self["supported"] = newValue }
    }

    /// The version of the refused request.
    public var requested: String? {
        get { self["requested"] }
        set { self["requested"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("supported", .array(.string)),
        .required("requested", .string),
    ]
}

/// The `data` of an ``ErrorCode/missingRequiredClientCapability`` error.
public struct MissingCapabilityData: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The capabilities that the client would have to declare.
    public var requiredCapabilities: ClientCapabilities? {
        get { self["requiredCapabilities"] }
        set { self["requiredCapabilities"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [.required("requiredCapabilities", .view(ClientCapabilities.self))]
}
