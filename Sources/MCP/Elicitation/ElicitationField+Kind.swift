import JSON

extension ElicitationField {
    /// The kind of a form field.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// Plain text.
        case string
        /// An integer or another number.
        case number
        /// A yes-or-no field.
        case boolean
        /// A choice of one option.
        case choice
        /// A choice of one titled option.
        case titledChoice
        /// A choice of one titled option in the legacy spelling.
        case namedChoice
        /// A choice of several options.
        case choices
        /// A choice of several titled options.
        case titledChoices
    }

    /// The kind of the field, or nil if forms do not have its type.
    public var kind: Kind? {
        switch type {
        case "string" where json["oneOf"] != nil: .titledChoice
        case "string" where json["enumNames"] != nil: .namedChoice
        case "string" where json["enum"] != nil: .choice
        case "string": .string
        case "number", "integer": .number
        case "boolean": .boolean
        case "array" where items?["anyOf"] != nil: .titledChoices
        case "array": .choices
        default: nil
        }
    }

    /// The member rules of each kind of field.
    package static let variants: [Kind: [Member]] = [
        .string: .field(
            .constant("string"),
            default: .string,
            .optional("minLength", .integer),
            .optional("maxLength", .integer),
            .optional("format", .oneOf(["email", "uri", "date", "date-time"]))
        ),
        .number: .field(
            .oneOf(["number", "integer"]),
            default: .number,
            .optional("minimum", .number),
            .optional("maximum", .number)
        ),
        .boolean: .field(.constant("boolean"), default: .boolean, defaultSince: .v2025_06_18),
        .choice: .field(.constant("string"), default: .string, .required("enum", .array(.string))),
        .titledChoice: .field(.constant("string"), default: .string, .required("oneOf", .array(.object(titled)))),
        .namedChoice: .field(
            .constant("string"),
            default: .string,
            .required("enum", .array(.string)),
            .optional("enumNames", .array(.string))
        ),
        .choices: .field(
            .constant("array"),
            default: .array(.string),
            .required("items", .object(values)),
            .optional("minItems", .integer),
            .optional("maxItems", .integer)
        ),
        .titledChoices: .field(
            .constant("array"),
            default: .array(.string),
            .required("items", .object([.required("anyOf", .array(.object(titled)))])),
            .optional("minItems", .integer),
            .optional("maxItems", .integer)
        ),
    ]

    private static let titled: [Member] = [.required("const", .string), .required("title", .string)]

    private static let values: [Member] = [
        .required("type", .constant("string")), .required("enum", .array(.string)),
    ]

    /// The rules that all kinds share; see `variants` for the rest.
    public static let members: [Member] = [.required("type", .string)]

    /// Returns the violations of the rules of the kind.
    public func problems(in revision: Revision) -> [Problem] {
        guard let kind, let members = Self.variants[kind] else {
            let types = ValueShape.oneOf(["string", "number", "integer", "boolean", "array"])
            return [.required("type", types)].problems(of: json, in: revision)
        }
        return members.problems(of: json, in: revision)
    }
}

extension [Member] {
    fileprivate static func field(
        _ type: ValueShape,
        default shape: ValueShape,
        defaultSince: Revision = .v2025_11_25,
        _ members: Member...
    ) -> [Member] {
        [
            .required("type", type),
            .optional("title", .string),
            .optional("description", .string),
            .optional("default", shape, since: defaultSince),
        ] + members
    }
}
