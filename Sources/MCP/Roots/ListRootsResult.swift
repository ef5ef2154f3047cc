public import JSON

/// The result of `roots/list`.
///
/// Source: "Roots", all revisions.
public struct ListRootsResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(roots: [Root]) {
        self.init(json: [:])
        self.roots = roots
    }

    /// The root directories and files.
    public var roots: [Root]? {
        get { self["roots"] }
        set { self["roots"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .inputResult(
        .required("roots", .arrayOf(Root.self))
    )
}
