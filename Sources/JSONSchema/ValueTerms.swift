/// The words that messages use for a validated value and for its properties.
///
/// They apply to the root of the value; what lies deeper is always called a property.
public struct ValueTerms: Sendable, Hashable {
    /// What the value as a whole is called, as the subject of a sentence.
    public let root: String
    /// What a property of the value is called: "missing required `property` …".
    public let property: String

    /// Creates terms, such as "the arguments" and "argument".
    public init(root: String, property: String) {
        self.root = root
        self.property = property
    }

    /// Terms for a value about which nothing else is known.
    public static let value = ValueTerms(root: "the value", property: "property")
    /// Terms for the arguments of a call.
    public static let arguments = ValueTerms(root: "the arguments", property: "argument")
    /// Terms for the structured content of a result.
    public static let structuredContent = ValueTerms(root: "`structuredContent`", property: "property")
    /// Terms for the content of a filled-in form.
    public static let form = ValueTerms(root: "the form", property: "field")
}
