public import MCPHTTP

/// A value that must not appear in any output.
public struct Secret: Sendable, Hashable {
    /// Where a secret came from, which its replacement names.
    public typealias Kind = Redaction.Kind

    /// The value.
    public var value: String
    /// Where it came from.
    public var kind: Kind

    /// Creates a secret.
    public init(_ value: String, _ kind: Kind) {
        self.value = value
        self.kind = kind
    }

    /// The length in bytes from which a secret is looked for: shorter ones occur in unrelated text.
    public static let minimumLength = 4
    /// The same for keys of objects, most of which are part of a format.
    static let minimumLengthInKeys = 12

    /// Whether the value is looked for.
    var isSearched: Bool {
        value.utf8.count >= Self.minimumLength && !Self.commonValues.contains(value.lowercased())
    }

    /// Values that variables and arguments with secret names often have and that are not secret.
    private static let commonValues: Set<String> = [
        "true", "false", "null", "none", "auto", "default", "bearer", "basic", "token", "oauth", "disabled", "enabled",
    ]
}
