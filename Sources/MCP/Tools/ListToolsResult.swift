public import JSON

/// The result of `tools/list`: one page of a list.
///
/// Source: "Tools", all revisions.
public struct ListToolsResult: ListResult, CacheableResult {
    /// What is listed.
    public typealias Item = Tool
    /// The name of the member that holds the items.
    public static let itemsName = "tools"

    /// The page as received.
    public var json: JSONObject

    /// Looks at an object as a page.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page; elements that are no objects are left out.
    public var tools: [Tool]? {
        get { items }
        set { items = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .page(.required("tools", .arrayOf(Tool.self))) + .caching
}
