public import JSON

/// The result of `roots/list`.
///
/// Source: "Roots", all revisions.
public struct ListRootsResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(roots: [Root]) {
        self.init(json: [:])
        self.roots = roots
    }

    /// The roots.
    public var roots: [Root]? {
        get { self["roots"] }
        set { self["roots"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .inputResult(
        .required("roots", .arrayOf(Root.self))
    )
}
