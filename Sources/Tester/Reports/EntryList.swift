import JSON

/// The entries of a list, in as much detail as a reader has room for.
public struct EntryList: Sendable {
    /// How much of each entry is shown.
    public enum Detail: String, Sendable, CaseIterable {
        /// The identifier alone.
        case names
        /// The identifier, the description in short, and what can be given.
        case signatures
        /// Everything.
        case full
    }

    /// One entry.
    public struct Entry: Sendable {
        /// All of it.
        var full: JSONText
        /// What is said of it in one line; made only if it is needed.
        var signature: @Sendable () -> JSONText
        /// An object with its identifier alone.
        var name: @Sendable () -> JSONText
    }

    /// The entries, in order.
    public var entries: [Entry]
    /// The detail to show (default: the most that fits).
    public var detail: Detail?

    /// The text of every entry at a level of detail, if all of them fit; it stops at the first that does not.
    func texts(_ detail: Detail, within bytes: Int) -> (texts: [JSONText], size: Int)? {
        var texts: [JSONText] = []
        var size = 0
        for entry in entries {
            let text = text(of: entry, detail)
            size += text.bytes.count + 1
            guard size <= bytes else { return nil }
            texts.append(text)
        }
        return (texts, size)
    }

    /// The text of an entry at a level of detail.
    func text(of entry: Entry, _ detail: Detail) -> JSONText {
        switch detail {
        case .full: entry.full
        case .signatures: entry.signature()
        case .names: entry.name()
        }
    }
}
