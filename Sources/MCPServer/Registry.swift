/// Entries by name, in the order in which they were added.
struct Registry<Entry: Sendable>: Sendable {
    private(set) var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    var isEmpty: Bool { entries.isEmpty }

    var names: some Sequence<String> { positions.keys }

    subscript(name: String) -> Entry? {
        positions[name].map { entries[$0] }
    }

    /// Adds an entry, or replaces the entry with the same name.
    mutating func add(_ entry: Entry, named name: String) {
        if let position = positions[name] {
            entries[position] = entry
        } else {
            positions[name] = entries.count
            entries.append(entry)
        }
    }
}
