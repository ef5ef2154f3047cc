/// Names of which the specification knows some and peers may invent more: unknown ones stay representable.
public protocol OpenSet: RawRepresentable<String>, Hashable, JSONConvertible, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// Creates a value from its name on the wire, known or not.
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
