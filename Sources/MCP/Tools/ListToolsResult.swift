public import JSON

/// The result of `tools/list`: one page of a list.
///
/// Source: "Tools", all revisions.
public struct ListToolsResult: ListResult, CacheableResult {
    /// The type of the listed items.
    public typealias Item = Tool
    /// The name of the member that holds the items.
    public static let itemsName = "tools"

    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page.
    ///
    /// Elements that are not objects are skipped.
    public var tools: [Tool]? {
        get { items }
        set { items = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .page(.required("tools", .arrayOf(Tool.self))) + .caching
}
