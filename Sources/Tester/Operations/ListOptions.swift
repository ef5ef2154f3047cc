/// Which entries of a list are shown, and in how much detail.
public struct ListOptions: Sendable {
    /// A text that the name, title or description contains; case does not matter (default: all entries).
    public var filter: String?
    /// The detail (default: the most that fits).
    public var detail: EntryList.Detail?

    /// Creates options.
    public init(filter: String? = nil, detail: EntryList.Detail? = nil) {
        self.filter = filter
        self.detail = detail
    }
}
