public import JSON

/// The parameters of a method that answers in pages.
public struct PaginatedParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Asks for the first page or the one that a cursor stands for.
    public init(cursor: String? = nil) {
        self.init(json: [:])
        self.cursor = cursor
    }

    /// Where to go on: the `nextCursor` of the page before.
    public var cursor: String? {
        get { self["cursor"] }
        set { self["cursor"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(.optional("cursor", .string))
}
