public import JSON

/// The result of `resources/list`: one page of a list.
///
/// Source: "Resources", all revisions.
public struct ListResourcesResult: ListResult, CacheableResult {
    /// The type of the listed items.
    public typealias Item = Resource
    /// The name of the member that holds the items.
    public static let itemsName = "resources"

    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The items of this page.
    ///
    /// Elements that are not objects are skipped.
    public var resources: [Resource]? {
        get { items }
        set { items = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .page(.required("resources", .arrayOf(Resource.self))) + .caching
}
