import JSON
import MCPClient

/// The difference between two states of a list.
struct ListDifference {
    var added: [String] = []
    var removed: [String] = []
    var changed: [String] = []

    /// Compares two states by the names of the items and their contents.
    init(from former: Surface, to present: Surface) {
        let (oldItems, newItems) = (former.listing.items, present.listing.items)
        // Usually nothing has changed, which equal bytes show without parsing.
        if oldItems.count == newItems.count, zip(oldItems, newItems).allSatisfy({ $0.bytes == $1.bytes }) { return }
        let (old, new) = (former.names, present.names)
        let (oldSet, newSet) = (Set(old), Set(new))
        added = new.filter { !oldSet.contains($0) }
        removed = old.filter { !newSet.contains($0) }
        changed = new.filter { name in
            guard oldSet.contains(name), let old = former.item(name), let new = present.item(name) else { return false }
            return old.bytes != new.bytes && old.value() != new.value()
        }
    }

    var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    var json: JSONValue {
        .object(JSONObject(parts.map { .init(key: $0.name, value: .array($0.items.map(JSONValue.string))) }))
    }

    private var parts: [(name: String, items: [String])] {
        [("added", added), ("removed", removed), ("changed", changed)].filter { !$0.1.isEmpty }
    }
}

extension ListDifference: CustomStringConvertible {
    /// The number of items of each kind of difference.
    var description: String {
        isEmpty ? "no difference" : parts.map { "\($0.items.count) \($0.name)" }.joined(separator: ", ")
    }
}
