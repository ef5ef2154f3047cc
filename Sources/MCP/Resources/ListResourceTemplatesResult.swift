public import JSON

/// The result of `resources/templates/list`: one page of a list.
///
/// Source: "Resources", all revisions.
public struct ListResourceTemplatesResult: ListResult, CacheableResult {
    /// What is listed.
    public typealias Item = ResourceTemplate
    /// The name of the member that holds the items.
    public static let itemsName = "resourceTemplates"

    /// The page as received.
    public var json: JSONObject

    /// Looks at an object as a page.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page; elements that are no objects are left out.
    public var resourceTemplates: [ResourceTemplate]? {
        get { items }
        set { items = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] =
        .page(.required("resourceTemplates", .arrayOf(ResourceTemplate.self))) + .caching
}
