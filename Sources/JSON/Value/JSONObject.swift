/// Named values in order, including duplicates.
///
/// A lookup finds the last value of a key, as most JSON parsers do. ``duplicateKeys`` lists keys with several values.
public struct JSONObject: Sendable {
    /// A name and its value.
    public struct Member: Sendable {
        /// The name.
        public var key: String
        /// The value.
        public var value: JSONValue

        /// Creates a member.
        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// All members in order, including duplicates.
    public var members: [Member]

    /// Creates an object from members, including duplicates.
    public init(_ members: [Member] = []) {
        self.members = members
    }

    /// The number of members, including duplicates.
    public var count: Int { members.count }

    /// Whether the object has no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The keys in order, including duplicates.
    public var keys: [String] { members.map(\.key) }

    /// The last value of a key.
    ///
    /// Setting replaces the last value in place, or appends a member. Setting nil removes all members with that key.
    public subscript(key: String) -> JSONValue? {
        get {
            guard let index = lastIndex(of: key) else { return nil }
            return members[index].value
        }
        set {
            if let newValue {
                if let index = lastIndex(of: key) {
                    members[index].value = newValue
                } else {
                    members.append(Member(key: key, value: newValue))
                }
            } else {
                members.removeAll { $0.key.hasSameScalars(as: key) }
            }
        }
    }

    /// Appends a member, even if the key exists.
    public mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }

    /// The keys that appear more than once, in the order of their second appearance.
    public var duplicateKeys: [String] {
        guard members.count > 1 else { return [] }
        var seen = Set<[UInt8]>(minimumCapacity: members.count)
        var reported = Set<[UInt8]>()
        var duplicates: [String] = []
        for member in members {
            let bytes = Array(member.key.utf8)
            if !seen.insert(bytes).inserted, reported.insert(bytes).inserted { duplicates.append(member.key) }
        }
        return duplicates
    }

    private func lastIndex(of key: String) -> Int? {
        var key = key
        return key.withUTF8 { key in
            var index = members.count - 1
            while index >= 0 {
                if members[index].key.hasUTF8(key) { return index }
                index -= 1
            }
            return nil
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object with the members in the given order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member(key: $0.0, value: $0.1) })
    }
}

extension JSONObject: Hashable {
    /// Compares the last value of each key, in any order.
    public static func == (one: JSONObject, other: JSONObject) -> Bool {
        let (a, b) = (one.lastValues, other.lastValues)
        return a == b
    }

    /// Hashes the members, independent of their order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(lastValues)
    }

    private var lastValues: [[UInt8]: JSONValue] {
        Dictionary(members.map { (Array($0.key.utf8), $0.value) }, uniquingKeysWith: { $1 })
    }
}

extension JSONValue {
    /// Pointers to the duplicate keys of objects at any depth.
    public func duplicateKeys() -> [JSONPointer] {
        var found: [JSONPointer] = []
        collectDuplicates(at: JSONPointer(), into: &found)
        return found
    }

    private func collectDuplicates(at pointer: JSONPointer, into found: inout [JSONPointer]) {
        switch self {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                element.collectDuplicates(at: pointer.appending(index), into: &found)
            }
        case .object(let object):
            for key in object.duplicateKeys { found.append(pointer.appending(key)) }
            for member in object.members {
                member.value.collectDuplicates(at: pointer.appending(member.key), into: &found)
            }
        default: break
        }
    }
}
