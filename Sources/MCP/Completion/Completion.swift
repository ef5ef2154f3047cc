public import JSON

/// How an argument could go on.
public struct Completion: JSONObjectView {
    /// The completion as received.
    public var json: JSONObject

    /// Looks at an object as a completion.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a completion.
    public init(values: [String], total: Int? = nil, hasMore: Bool? = nil) {
        self.init(json: [:])
        self.values = values
        self.total = total
        self.hasMore = hasMore
    }

    /// At most 100 values, the best first.
    public var values: [String]? {
        get { self["values"] }
        set { self["values"] = newValue }
    }

    /// How many there are in all.
    public var total: Int? {
        get { self["total"] }
        set { self["total"] = newValue }
    }

    /// Whether there are more than these.
    public var hasMore: Bool? {
        get { self["hasMore"] }
        set { self["hasMore"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("values", .array(.string, atMost: 100)),
        .optional("total", .integer),
        .optional("hasMore", .boolean),
    ]
}
