public import JSON

/// A field of a form: the small part of JSON Schema that forms are made of.
///
/// Source: "Elicitation", since 2025-06-18.
public struct ElicitationField: JSONObjectView {
    /// The field as received.
    public var json: JSONObject

    /// Looks at an object as a field.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The type of what is filled in: `string`, `number`, `integer`, `boolean` or `array`.
    public var type: String? {
        get { self["type"] }
        set { self["type"] = newValue }
    }

    /// The name to show to people.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// What to fill in.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// What stands there before anything is filled in.
    public var `default`: JSONValue? {
        get { self["default"] }
        set { self["default"] = newValue }
    }

    // MARK: Strings

    /// The least number of characters.
    public var minLength: Int? {
        get { self["minLength"] }
        set { self["minLength"] = newValue }
    }

    /// The greatest number of characters.
    public var maxLength: Int? {
        get { self["maxLength"] }
        set { self["maxLength"] = newValue }
    }

    /// What the string must be: `email`, `uri`, `date` or `date-time`.
    public var format: String? {
        get { self["format"] }
        set { self["format"] = newValue }
    }

    // MARK: Numbers

    /// The least value.
    public var minimum: Double? {
        get { self["minimum"] }
        set { self["minimum"] = newValue }
    }

    /// The greatest value.
    public var maximum: Double? {
        get { self["maximum"] }
        set { self["maximum"] = newValue }
    }

    // MARK: Choices

    /// The values of a choice without titles.
    public var `enum`: [String]? {
        get { self["enum"] }
        set { self["enum"] = newValue }
    }

    /// The titles of the values, in the old way.
    public var enumNames: [String]? {
        get { self["enumNames"] }
        set { self["enumNames"] = newValue }
    }

    /// The values of a choice with their titles.
    public var oneOf: [JSONObject]? {
        get { self["oneOf"] }
        set { self["oneOf"] = newValue }
    }

    /// What a choice of several chooses from.
    public var items: JSONObject? {
        get { self["items"] }
        set { self["items"] = newValue }
    }

    /// The least number of values to choose.
    public var minItems: Int? {
        get { self["minItems"] }
        set { self["minItems"] = newValue }
    }

    /// The greatest number of values to choose.
    public var maxItems: Int? {
        get { self["maxItems"] }
        set { self["maxItems"] = newValue }
    }

    /// The values to choose from with their titles, however they are spelled; nothing for a field without choice.
    public var choices: [(value: String, title: String?)]? {
        if let titled = oneOf ?? items?["anyOf"]?.array?.compactMap(\.object) {
            return titled.compactMap { choice in choice["const"]?.string.map { ($0, choice["title"]?.string) } }
        }
        if let values = self.enum {
            let titles = enumNames ?? []
            return values.enumerated().map { ($1, titles.indices.contains($0) ? titles[$0] : nil) }
        }
        return items?["enum"]?.array?.compactMap(\.string).map { ($0, nil) }
    }
}
