/// The keywords of a dialect that contain schemas.
///
/// Anything else that looks like a schema is data.
enum SubschemaKeywords {
    /// How a keyword contains schemas.
    enum Shape {
        case schema
        case schemas
        case schemaOrSchemas
        case named
        /// Named schemas, some of which may be lists of names instead.
        case namedOrLists
    }

    static func shapes(of dialect: JSONSchema.Dialect) -> [String: Shape] {
        switch dialect {
        case .draft202012: draft202012
        case .draft07: draft07
        }
    }

    private static let common: [String: Shape] = [
        "additionalProperties": .schema, "propertyNames": .schema, "contains": .schema, "not": .schema,
        "if": .schema, "then": .schema, "else": .schema,
        "allOf": .schemas, "anyOf": .schemas, "oneOf": .schemas,
        "properties": .named, "patternProperties": .named, "definitions": .named, "dependencies": .namedOrLists,
    ]

    private static let draft202012 = common.merging(
        [
            "items": .schema, "unevaluatedItems": .schema, "unevaluatedProperties": .schema, "contentSchema": .schema,
            "prefixItems": .schemas, "$defs": .named, "dependentSchemas": .named,
        ],
        uniquingKeysWith: { $1 }
    )

    private static let draft07 = common.merging(
        ["items": .schemaOrSchemas, "additionalItems": .schema],
        uniquingKeysWith: { $1 }
    )
}
