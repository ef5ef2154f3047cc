import JSON

/// Values with references to variables in them, which must survive the escaping of text that only looks like one.
enum ReferenceText {
    /// Stand for the braces until a text has been quoted; these private characters occur nowhere else.
    private static let marks = (open: "\u{F8F0}", close: "\u{F8F1}")

    /// A reference as a part of a text that ``yaml(_:)`` writes.
    static func reference(to name: String) -> String { "\(marks.open)\(name)\(marks.close)" }

    /// A value as YAML on one line.
    static func yaml(_ value: JSONValue) -> String {
        YAMLText.of(value).replacing(marks.open, with: "${").replacing(marks.close, with: "}")
    }
}
