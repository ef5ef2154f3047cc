public import JSON

/// The result of `prompts/list`: one page of a list.
///
/// Source: "Prompts", all revisions.
public struct ListPromptsResult: ListResult, CacheableResult {
    /// The type of the listed items.
    public typealias Item = Prompt
    /// The name of the member that holds the items.
    public static let itemsName = "prompts"

    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page.
    ///
    /// Elements that are not objects are skipped.
    public var prompts: [Prompt]? {
        get { items }
        set { items = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .page(.required("prompts", .arrayOf(Prompt.self))) + .caching
}
