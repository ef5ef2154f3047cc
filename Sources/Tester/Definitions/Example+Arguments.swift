package import JSON
import JSONSchema

extension Example {
    /// Valid arguments for an input schema: from its examples, defaults, enums, formats and bounds.
    ///
    /// - Returns: `nil` if the schema is invalid or no valid arguments are found.
    package static func arguments(for schema: JSONValue) -> JSONObject? {
        let compiled: JSONSchema
        do throws(JSONSchemaError) {
            compiled = try JSONSchema(schema)
        } catch {
            return nil
        }
        let inlined = schema.inliningReferences()
        var candidates = (schema["examples"]?.array ?? []).compactMap(\.object)
        if let content = content(for: inlined.object ?? [:]) { candidates.append(content) }
        candidates.append([:])
        return candidates.first { compiled.validate(.object($0)).isValid }
    }
}
