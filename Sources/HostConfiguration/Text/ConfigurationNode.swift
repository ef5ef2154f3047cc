/// A value of a configuration file with its place.
public struct ConfigurationNode: Sendable {
    /// What the value is.
    public var content: Content
    /// Its bytes in the file.
    public var range: Range<Int>

    /// The kinds of values of JSON and TOML.
    public enum Content: Sendable {
        /// `null`, in JSON only.
        case null
        case bool(Bool)
        /// A number as it is written.
        case number(String)
        case string(String)
        /// A date or time as it is written, in TOML only.
        case date(String)
        case array([ConfigurationNode])
        case object([ConfigurationMember])
    }

    /// The string; nil for any other type.
    public var string: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The Boolean; nil for any other type.
    public var bool: Bool? {
        if case .bool(let value) = content { value } else { nil }
    }

    /// The elements; nil for any other type.
    public var elements: [ConfigurationNode]? {
        if case .array(let elements) = content { elements } else { nil }
    }

    /// The members in order; nil for any other type.
    public var members: [ConfigurationMember]? {
        if case .object(let members) = content { members } else { nil }
    }

    /// The last member with a key, which is the one that counts if there are several.
    public func member(_ key: String) -> ConfigurationMember? {
        members?.last { $0.key == key }
    }

    /// The value of the last member with a key.
    public subscript(key: String) -> ConfigurationNode? {
        member(key)?.value
    }

    /// What the value is, for messages, such as "a number".
    public var typeName: String {
        switch content {
        case .null: "null"
        case .bool: "a Boolean"
        case .number: "a number"
        case .string: "a string"
        case .date: "a date"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// A key and its value.
public struct ConfigurationMember: Sendable {
    /// The key without quotes.
    public var key: String
    /// The bytes of the key as it is written.
    public var keyRange: Range<Int>
    /// The value.
    public var value: ConfigurationNode
}

/// A parsed configuration file.
public struct ConfigurationDocument: Sendable {
    /// The formats of configuration files.
    public enum Format: String, Sendable {
        /// JSON, read with comments and trailing commas.
        case json
        /// TOML.
        case toml
    }

    /// The file.
    public let text: ConfigurationText
    /// How it was read.
    public let format: Format
    /// The value; nil if the file has none, such as an empty file or one of comments.
    public var root: ConfigurationNode?
    /// The first comment or trailing comma of a JSON file, which programs that read strict JSON reject.
    var firstExtension: (offset: Int, name: String)?
    /// The tables of a TOML file in their order.
    var sections: [TOMLSection] = []
    /// The keys of a TOML file with their values, in their order.
    var statements: [TOMLStatement] = []

    /// Reads a file.
    ///
    /// - Throws: ``ConfigurationError`` with the position of the first fault.
    public init(_ text: ConfigurationText, format: Format) throws(ConfigurationError) {
        self.text = text
        self.format = format
        switch format {
        case .json:
            var reader = JSONCReader(text)
            root = try reader.readDocument()
            firstExtension = reader.firstExtension
        case .toml:
            var reader = TOMLReader(text)
            root = try reader.readDocument()
            sections = reader.sections
            statements = reader.statements
        }
    }

    /// The value at a path of keys; nil if it is missing.
    public func node(at path: [String]) -> ConfigurationNode? {
        var node = root
        for key in path { node = node?[key] }
        return node
    }
}
