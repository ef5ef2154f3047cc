public import JSON

extension JSONSchema {
    /// A version of JSON Schema.
    public enum Dialect: String, Sendable, Hashable, CaseIterable {
        /// JSON Schema 2020-12, the default of the Model Context Protocol.
        case draft202012 = "https://json-schema.org/draft/2020-12/schema"
        /// JSON Schema draft-07.
        case draft07 = "http://json-schema.org/draft-07/schema"

        /// The URI for `$schema`, without the empty fragment that draft-07 appends to it.
        public var uri: String { rawValue }

        /// The schema that describes the schemas of this dialect.
        public var metaschema: JSONValue {
            switch self {
            case .draft202012: Metaschemas.draft202012["schema"] ?? true
            case .draft07: Metaschemas.draft07
            }
        }

        init?(schemaURI uri: String) {
            let bare = uri.hasSuffix("#") ? String(uri.dropLast()) : uri
            // Draft-07 is often written with the scheme of later dialects; the URI has no other meaning.
            self.init(rawValue: bare == "https://json-schema.org/draft-07/schema" ? Self.draft07.rawValue : bare)
        }
    }
}

/// The groups of keywords that a 2020-12 metaschema can enable.
///
/// Source: JSON Schema Core 2020-12, 8.1.2.
struct Vocabularies: OptionSet, Sendable {
    let rawValue: Int

    static let core = Vocabularies(rawValue: 1)
    static let applicator = Vocabularies(rawValue: 2)
    static let unevaluated = Vocabularies(rawValue: 4)
    static let validation = Vocabularies(rawValue: 8)
    static let metaData = Vocabularies(rawValue: 16)
    static let formatAnnotation = Vocabularies(rawValue: 32)
    static let formatAssertion = Vocabularies(rawValue: 64)
    static let content = Vocabularies(rawValue: 128)

    static let standard: Vocabularies = [
        .core, .applicator, .unevaluated, .validation, .metaData, .formatAnnotation, .content,
    ]

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The vocabulary with that URI, or nil if it is unknown.
    init?(uri: String) {
        let prefix = "https://json-schema.org/draft/2020-12/vocab/"
        guard uri.hasPrefix(prefix) else { return nil }
        switch uri.dropFirst(prefix.count) {
        case "core": self = .core
        case "applicator": self = .applicator
        case "unevaluated": self = .unevaluated
        case "validation": self = .validation
        case "meta-data": self = .metaData
        case "format-annotation": self = .formatAnnotation
        case "format-assertion": self = .formatAssertion
        case "content": self = .content
        default: return nil
        }
    }
}
