public import JSON

/// A field of a form: the subset of JSON Schema that forms allow.
///
/// Source: "Elicitation", since 2025-06-18.
public struct ElicitationField: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The type of the value: `string`, `number`, `integer`, `boolean` or `array`.
    public var type: String? {
        get { self["type"] }
        set { self["type"] = newValue }
    }

    /// The name shown to people.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// A description of the expected value.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// The initial value.
    public var `default`: JSONValue? {
        get { self["default"] }
        set { self["default"] = newValue }
    }

    // MARK: Strings

    /// The minimum number of characters.
    public var minLength: Int? {
        get { self["minLength"] }
        set { self["minLength"] = newValue }
    }

    /// The maximum number of characters.
    public var maxLength: Int? {
        get { self["maxLength"] }
        set { self["maxLength"] = newValue }
    }

    /// The format of the string: `email`, `uri`, `date` or `date-time`.
    public var format: String? {
        get { self["format"] }
        set { self["format"] = newValue }
    }

    // MARK: Numbers

    /// The minimum value.
    public var minimum: Double? {
        get { self["minimum"] }
        set { self["minimum"] = newValue }
    }

    /// The maximum value.
    public var maximum: Double? {
        get { self["maximum"] }
        set { self["maximum"] = newValue }
    }

    // MARK: Choices

    /// The options of a field without titles.
    public var `enum`: [String]? {
        get { self["enum"] }
        set { self["enum"] = newValue }
    }

    /// The titles of the options in the legacy spelling.
    public var enumNames: [String]? {
        get { self["enumNames"] }
        set { self["enumNames"] = newValue }
    }

    /// The options of a field with their titles.
    public var oneOf: [JSONObject]? {
        get { self["oneOf"] }
        set { self["oneOf"] = newValue }
    }

    /// The options of a field that takes several values.
    public var items: JSONObject? {
        get { self["items"] }
        set { self["items"] = newValue }
    }

    /// The minimum number of selected values.
    public var minItems: Int? {
        get { self["minItems"] }
        set { self["minItems"] = newValue }
    }

    /// The maximum number of selected values.
    public var maxItems: Int? {
        get { self["maxItems"] }
        set { self["maxItems"] = newValue }
    }

    /// The options with their titles, in any spelling; nil for a field without options.
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
