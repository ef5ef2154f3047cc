/// A string type with known values, which also represents unknown values that peers invent.
public protocol OpenSet: RawRepresentable<String>, Hashable, JSONConvertible, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// Creates a value from its name on the wire, known or unknown.
    init(rawValue: String)
}

extension OpenSet {
    /// Creates a value from its name on the wire.
    public init(stringLiteral name: String) {
        self.init(rawValue: name)
    }

    /// The name on the wire.
    public var description: String { rawValue }
}
