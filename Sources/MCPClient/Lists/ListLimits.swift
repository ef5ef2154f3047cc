/// How much of one list is fetched before the rest is omitted.
public struct ListLimits: Sendable, Hashable {
    /// The maximum number of pages.
    public var pages: Int
    /// The maximum number of items.
    public var items: Int
    /// The maximum size of all pages together, in bytes.
    public var bytes: Int

    /// Creates limits.
    public init(pages: Int = 1000, items: Int = 100_000, bytes: Int = 64 << 20) {
        self.pages = pages
        self.items = items
        self.bytes = bytes
    }
}
