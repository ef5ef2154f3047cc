/// Entries in the order in which they were added, found by name.
struct Registry<Entry: Sendable>: Sendable {
    private(set) var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    var isEmpty: Bool { entries.isEmpty }

    var names: some Sequence<String> { positions.keys }

    subscript(name: String) -> Entry? {
        positions[name].map { entries[$0] }
    }

    /// Adds an entry; one of the same name gives way to it.
    mutating func add(_ entry: Entry, named name: String) {
        if let position = positions[name] {
            entries[position] = entry
        } else {
            positions[name] = entries.count
            entries.append(entry)
        }
    }
}
