public import JSON

/// The possible values of an argument.
public struct Completion: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
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

    /// The values, at most 100, best first.
    public var values: [String]? {
        get { self["values"] }
        set { self["values"] = newValue }
    }

    /// The total number of values.
    public var total: Int? {
        get { self["total"] }
        set { self["total"] = newValue }
    }

    /// Whether there are more values than these.
    public var hasMore: Bool? {
        get { self["hasMore"] }
        set { self["hasMore"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("values", .array(.string, atMost: 100)),
        .optional("total", .integer),
        .optional("hasMore", .boolean),
    ]
}
