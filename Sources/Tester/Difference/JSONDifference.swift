public import JSON
import Platform

/// The structural difference of two JSON values: what was added, removed, changed or reordered, and where.
///
/// Values that differ in every run, such as times and random identifiers, are recognized on both sides and kept apart.
/// Objects are compared by member, regardless of order. Numbers are compared by value.
public struct JSONDifference: Sendable, Hashable {
    /// What happened to a value.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// It is only in the new document.
        case added
        /// It is only in the old document.
        case removed
        /// It has another value or type.
        case changed
        /// The same elements are in another order.
        case reordered
    }

    /// One difference.
    public struct Entry: Sendable, Hashable {
        /// What happened.
        public let kind: Kind
        /// The location in the new document; that in the old one if the value was removed.
        public let pointer: JSONPointer
        /// The location within the JSON text that the string at ``pointer`` holds; `nil` if that is not JSON text.
        public let within: JSONPointer?
        /// The old value, or the old order of a reordered array; `nil` if the value was added.
        public let old: JSONValue?
        /// The new value, or the new order of a reordered array; `nil` if the value was removed.
        public let new: JSONValue?
        /// Why the difference is expected; `nil` for a real one.
        public let volatility: Volatility?
    }

    /// How two values are compared.
    public struct Options: Sendable, Hashable {
        /// The members that identify the objects of an array, the best first.
        ///
        /// Objects with the same identity are compared with each other wherever they are.
        public var identifiers = ["name", "uri", "uriTemplate", "id"]
        /// Whether values that differ in every run are kept apart (default: true).
        public var recognizesVolatileValues = true
        /// Whether a string that holds a JSON object or array on both sides is compared as JSON (default: true).
        public var comparesJSONText = true
        /// When the new value was made, in seconds since 1970 (default: now).
        ///
        /// Numbers close to it are times.
        public var now = Options.present
        /// How many differences are kept; the others are counted in ``JSONDifference/omitted``.
        public var limit = 1000

        /// Creates the default options.
        public init() {}

        private static var present: Int64 { Int64(time(nil)) }
    }

    /// The real differences, in the order of the old document.
    public private(set) var entries: [Entry] = []
    /// The differences that are expected in every run.
    public private(set) var volatile: [Entry] = []
    /// How many differences exceeded the limit.
    public private(set) var omitted = 0

    /// Compares two values.
    public init(from old: JSONValue, to new: JSONValue, options: Options = Options()) {
        var comparison = DifferenceSearch(options)
        comparison.compare(old, new, at: DifferencePlace())
        for entry in comparison.entries {
            if entry.volatility == nil { entries.append(entry) } else { volatile.append(entry) }
        }
        omitted = comparison.omitted
    }

    /// Whether nothing differs but what differs in every run.
    public var isEmpty: Bool { entries.isEmpty && omitted == 0 }
}

extension JSONDifference: CustomStringConvertible {
    /// The number of differences of each kind, such as "1 added, 2 changed".
    public var description: String {
        var parts = Kind.allCases.compactMap { kind in
            let count = entries.count { $0.kind == kind }
            return count == 0 ? nil : "\(count) \(kind.rawValue)"
        }
        if omitted > 0 { parts.append("\(omitted) more") }
        return parts.isEmpty ? "no difference" : parts.joined(separator: ", ")
    }
}

extension JSONDifference.Entry {
    /// The entry as an object: `kind`, `at`, `within`, `old`, `new`, `volatile`.
    ///
    /// - Parameter limit: Longer strings are cut around their first difference, in UTF-8 bytes.
    public func json(stringLimit limit: Int = 400) -> JSONValue {
        var object: JSONObject = ["kind": .string(kind.rawValue), "at": .string(pointer.description)]
        if let within { object["within"] = .string(within.description) }
        if case .string(let old)? = old, case .string(let new)? = new {
            let (shortOld, shortNew) = DifferenceExcerpt.of(old, new, limit: limit)
            object["old"] = .string(shortOld)
            object["new"] = .string(shortNew)
        } else {
            object["old"] = old
            object["new"] = new
        }
        if let volatility { object["volatile"] = .string(volatility.rawValue) }
        return .object(object)
    }
}
