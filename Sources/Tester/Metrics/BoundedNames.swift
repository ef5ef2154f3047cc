import Synchronization

/// The first names that occur, up to a limit, so that a label does not get a value for each name that anyone invents.
final class BoundedNames: Sendable {
    /// The maximum length of a name, in bytes.
    private static let lengthLimit = 128

    private let limit: Int
    private let names = Mutex<Set<String>>([])

    init(limit: Int) {
        self.limit = limit
    }

    /// The name if it is one of the first; nil if it is one too many or too long.
    func known(_ name: String) -> String? {
        guard name.utf8.count <= Self.lengthLimit else { return nil }
        return names.withLock { names in
            if names.contains(name) { return name }
            guard names.count < limit else { return nil }
            names.insert(name)
            return name
        }
    }
}
