import JSON

/// One page of a list.
///
/// Source: "Pagination", all revisions.
public protocol ListResult: ResultView {
    /// What is listed.
    associatedtype Item: JSONObjectView

    /// The name of the member that holds the items.
    static var itemsName: String { get }
}

extension ListResult {
    /// The items of this page; elements that are no objects are left out.
    public var items: [Item]? {
        get { self[Self.itemsName] }
        set { self[Self.itemsName] = newValue }
    }

    /// What to ask the next page with; an empty string is a cursor too, only its absence is the end.
    public var nextCursor: String? {
        get { self["nextCursor"] }
        set { self["nextCursor"] = newValue }
    }

    /// Creates a page.
    public init(items: [Item], nextCursor: String? = nil) {
        self.init(json: [:])
        self.items = items
        self.nextCursor = nextCursor
    }
}
