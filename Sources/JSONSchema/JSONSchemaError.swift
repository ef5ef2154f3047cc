public import JSON

/// Why a schema cannot be used, and where in it.
public struct JSONSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Kind: Sendable, Hashable {
        /// The schema is written in a dialect, or asks for a vocabulary, that is not supported.
        case unsupportedDialect(String)
        /// A keyword's value is not what its dialect allows.
        case invalidSchema
        /// A reference leads to nothing that is known.
        case unresolvableReference(String)
        /// A regular expression cannot be read.
        case invalidPattern(String)
        /// The schema is beyond the limits.
        case tooLarge
    }

    /// What is wrong.
    public let kind: Kind
    /// Where the fault is in its document.
    public let keywordLocation: JSONPointer
    /// The document, by its URI; empty for the schema itself if it has no `$id`.
    public let document: String
    /// A sentence that says what is wrong and what would be right.
    public let message: String

    init(_ kind: Kind, at keywordLocation: JSONPointer, of document: String, _ message: String) {
        self.kind = kind
        self.keywordLocation = keywordLocation
        self.document = document
        self.message = message
    }

    /// The message with the place of the fault.
    public var description: String {
        let place = keywordLocation.tokens.isEmpty ? "at its root" : "at \(keywordLocation)"
        return "the schema\(document.isEmpty ? "" : " \(document)") is not usable \(place): \(message)"
    }
}
