public import JSON

/// The result of `resources/list`: one page of a list.
///
/// Source: "Resources", all revisions.
public struct ListResourcesResult: ListResult, CacheableResult {
    /// What is listed.
    public typealias Item = Resource
    /// The name of the member that holds the items.
    public static let itemsName = "resources"

    /// The page as received.
    public var json: JSONObject

    /// Looks at an object as a page.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page; elements that are no objects are left out.
    public var resources: [Resource]? {
        get { items }
        set { items = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .page(.required("resources", .arrayOf(Resource.self))) + .caching
}
