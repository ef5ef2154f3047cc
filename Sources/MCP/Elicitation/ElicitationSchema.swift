public import JSON

/// A form: a JSON Schema of an object whose properties are simple.
///
/// Source: "Elicitation", since 2025-06-18.
public struct ElicitationSchema: JSONObjectView {
    /// The form as received.
    public var json: JSONObject

    /// Looks at an object as a form.
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

    /// The names of the fields that must be filled in.
    public var required: [String]? {
        get { self["required"] }
        set { self["required"] = newValue }
    }

    /// The fields in order; properties that are no objects are left out.
    public var fields: [(name: String, field: ElicitationField)] {
        (properties?.members ?? []).compactMap { member in
            ElicitationField(jsonValue: member.value).map { (member.key, $0) }
        }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("type", .constant("object")),
        .optional("$schema", .string, since: .v2025_11_25),
        .required("properties", .map(.view(ElicitationField.self))),
        .optional("required", .array(.string)),
    ]
}
