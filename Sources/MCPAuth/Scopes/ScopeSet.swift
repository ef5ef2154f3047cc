/// Scopes in the order in which they were named, without repetitions.
///
/// Source: RFC 6749, section 3.3.
public struct ScopeSet: Sendable, Hashable, CustomStringConvertible {
    /// The scopes.
    public private(set) var values: [String]

    /// Creates a set; later repetitions are dropped.
    public init(_ values: some Sequence<String> = []) {
        self.values = []
        for value in values where !value.isEmpty && !self.values.contains(value) { self.values.append(value) }
    }

    /// Reads a text of scopes that spaces separate.
    public init(parsing text: String) {
        self.init(text.split(separator: " ").map(String.init))
    }

    /// Whether there are no scopes.
    public var isEmpty: Bool { values.isEmpty }

    /// Whether a scope is in it.
    public func contains(_ scope: String) -> Bool { values.contains(scope) }

    /// Whether all scopes of another set are in it.
    ///
    /// Compares names only: which scope implies another one is known to the server alone.
    public func contains(_ other: ScopeSet) -> Bool { other.values.allSatisfy(contains) }

    /// These scopes and then those of another set.
    public func union(_ other: ScopeSet) -> ScopeSet { ScopeSet(values + other.values) }

    /// The scopes with spaces between them.
    public var description: String { values.joined(separator: " ") }

    /// Compares without regard to order.
    public static func == (one: ScopeSet, other: ScopeSet) -> Bool { Set(one.values) == Set(other.values) }

    /// Hashes without regard to order.
    public func hash(into hasher: inout Hasher) { hasher.combine(Set(values)) }
}
