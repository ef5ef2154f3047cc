public import JSON

/// The result of `prompts/list`: one page of a list.
///
/// Source: "Prompts", all revisions.
public struct ListPromptsResult: ListResult, CacheableResult {
    /// What is listed.
    public typealias Item = Prompt
    /// The name of the member that holds the items.
    public static let itemsName = "prompts"

    /// The page as received.
    public var json: JSONObject

    /// Looks at an object as a page.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page; elements that are no objects are left out.
    public var prompts: [Prompt]? {
        get { items }
        set { items = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .page(.required("prompts", .arrayOf(Prompt.self))) + .caching
}
