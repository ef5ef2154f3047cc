import JSON

/// The schemas that describe schemas, so that a `$ref` to one needs no network.
enum Metaschemas {
    static let draft07 = read(draft07Text)

    /// The 2020-12 metaschema as `schema`, and those of its vocabularies as `meta/…`.
    static let draft202012: [String: JSONValue] = Dictionary(
        uniqueKeysWithValues: draft202012Texts.map { ($0.name, read($0.text)) }
    )

    /// The metaschema with that URI.
    static subscript(uri: String) -> JSONValue? {
        if JSONSchema.Dialect(schemaURI: uri) == .draft07 { return draft07 }
        let prefix = "https://json-schema.org/draft/2020-12/"
        return uri.hasPrefix(prefix) ? draft202012[String(uri.dropFirst(prefix.count))] : nil
    }

    private static func read(_ text: String) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            preconditionFailure("a built-in metaschema is not JSON: \(error)")
        }
    }
}
