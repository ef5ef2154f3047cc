public import JSON

/// The parameters of a method that answers in pages.
public struct PaginatedParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters for the page at a cursor (default: the first page).
    public init(cursor: String? = nil) {
        self.init(json: [:])
        self.cursor = cursor
    }

    /// The `nextCursor` of the previous page; nil requests the first page.
    public var cursor: String? {
        get { self["cursor"] }
        set { self["cursor"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(.optional("cursor", .string))
}
