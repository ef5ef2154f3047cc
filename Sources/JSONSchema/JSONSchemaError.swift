public import JSON

/// A schema that cannot be used: the reason and its location.
public struct JSONSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Kind: Sendable, Hashable {
        /// The schema uses a dialect, or requires a vocabulary, that is not supported.
        case unsupportedDialect(String)
        /// A keyword has a value that its dialect does not allow.
        case invalidSchema
        /// A reference points to nothing known.
        case unresolvableReference(String)
        /// A regular expression is not valid.
        case invalidPattern(String)
        /// The schema exceeds a limit.
        case tooLarge
    }

    /// The kind of fault.
    public let kind: Kind
    /// The location within the document.
    public let keywordLocation: JSONPointer
    /// The URI of the document.
    ///
    /// Empty for the schema itself if it has no `$id`.
    public let document: String
    /// What is wrong and what would be right, without the location.
    public let message: String

    init(_ kind: Kind, at keywordLocation: JSONPointer, of document: String, _ message: String) {
        self.kind = kind
        self.keywordLocation = keywordLocation
        self.document = document
        self.message = message
    }

    /// The message with its location.
    public var description: String {
        let place = keywordLocation.tokens.isEmpty ? "" : " at `\(keywordLocation)`"
        return "error in the schema\(document.isEmpty ? "" : " \(document)")\(place): \(message)"
    }
}
