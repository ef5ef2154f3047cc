import JSON

/// One page of a list.
///
/// Source: "Pagination", all revisions.
public protocol ListResult: ResultView {
    /// The type of the listed items.
    associatedtype Item: JSONObjectView

    /// The name of the member that holds the items.
    static var itemsName: String { get }
}

extension ListResult {
    /// The items of this page.
    ///
    /// Elements that are not objects are skipped.
    public var items: [Item]? {
        get { self[Self.itemsName] }
        set { self[Self.itemsName] = newValue }
    }

    /// The cursor of the next page; nil if this is the last page.
    ///
    /// An empty string is a cursor too.
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
