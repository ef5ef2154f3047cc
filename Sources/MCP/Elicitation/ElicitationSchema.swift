public import JSON

/// A form: a JSON Schema of an object with simple properties.
///
/// Source: "Elicitation", since 2025-06-18.
public struct ElicitationSchema: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a form.
    public init(_ fields: [(name: String, field: ElicitationField)], required: [String]? = nil) {
        self.init(json: ["type": "object"])
        properties = JSONObject(fields.map { JSONObject.Member(key: $0.name, value: $0.field.jsonValue) })
        self.required = required
    }

    /// The fields by name, each an ``ElicitationField``.
    public var properties: JSONObject? {
        get { self["properties"] }
        set { self["properties"] = newValue }
    }

    /// The names of the required fields.
    public var required: [String]? {
        get { self["required"] }
        set { self["required"] = newValue }
    }

    /// The fields in order.
    ///
    /// Properties that are not objects are skipped.
    public var fields: [(name: String, field: ElicitationField)] {
        (properties?.members ?? []).compactMap { member in
            ElicitationField(jsonValue: member.value).map { (member.key, $0) }
        }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("type", .constant("object")),
        .optional("$schema", .string, since: .v2025_11_25),
        .required("properties", .map(.view(ElicitationField.self))),
        .optional("required", .array(.string)),
    ]
}
