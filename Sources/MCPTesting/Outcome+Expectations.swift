public import JSON
public import Testing

/// Each expectation that does not hold records an issue at the line of the test, with the whole report attached.
///
/// They return the outcome, so that several can follow each other.
extension Outcome {
    /// Expects that the tool reported no error and that the text is this one.
    @discardableResult
    public func expect(text expected: String, sourceLocation: SourceLocation = #_sourceLocation) -> Outcome {
        guard isAnswer(sourceLocation) else { return self }
        if text != expected {
            record("expected the text \(Self.shown(expected)), got \(Self.shown(text))", sourceLocation)
        }
        return self
    }

    /// Expects that the tool reported no error and that the text contains this one.
    @discardableResult
    public func expect(textContaining part: String, sourceLocation: SourceLocation = #_sourceLocation) -> Outcome {
        guard isAnswer(sourceLocation) else { return self }
        if !text.contains(part) {
            record("expected a text with \(Self.shown(part)), got \(Self.shown(text))", sourceLocation)
        }
        return self
    }

    /// Expects that the tool reported no error and that this is its structured content, or its text read as JSON.
    @discardableResult
    public func expect(json expected: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) -> Outcome {
        expect(at: "", equals: expected, sourceLocation: sourceLocation)
    }

    /// Expects a value within the structured content, or within the text read as JSON.
    ///
    /// - Parameter pointer: Its place, a JSON Pointer (RFC 6901) such as `/days/0/celsius`.
    @discardableResult
    public func expect(
        at pointer: String,
        equals expected: JSONValue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Outcome {
        guard isAnswer(sourceLocation) else { return self }
        let place = pointer.isEmpty ? "" : " at \(pointer)"
        guard let place = JSONPointer(pointer).map({ (pointer: $0, text: place) }) else {
            record("\"\(pointer)\" is not a JSON Pointer: it begins with \"/\"", sourceLocation)
            return self
        }
        guard let json else {
            record("expected \(expected)\(place.text), got text that is not JSON: \(Self.shown(text))", sourceLocation)
            return self
        }
        guard let value = json[place.pointer] else {
            record("expected \(expected)\(place.text), got nothing there in \(json)", sourceLocation)
            return self
        }
        if value != expected { record("expected \(expected)\(place.text), got \(value)", sourceLocation) }
        return self
    }

    /// Expects that the tool reported an error (`isError`), with a text that contains this one.
    @discardableResult
    public func expectToolError(
        containing part: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Outcome {
        if !isError {
            record("expected an error of the tool, got \(Self.shown(text))", sourceLocation)
        } else if !part.isEmpty, !text.contains(part) {
            record("expected an error with \(Self.shown(part)), got \(Self.shown(text))", sourceLocation)
        }
        return self
    }

    /// Whether the tool reported no error; records an issue if it did.
    private func isAnswer(_ sourceLocation: SourceLocation) -> Bool {
        if isError { record("the tool reported an error: \(Self.shown(text))", sourceLocation) }
        return !isError
    }

    /// Records an issue, and attaches the report.
    func record(_ problem: String, _ sourceLocation: SourceLocation) {
        Attachment.record(report.prettyPrinted, named: "\(fileName).json", sourceLocation: sourceLocation)
        Issue.record(Comment(rawValue: "\(label): \(problem)"), sourceLocation: sourceLocation)
    }

    /// The label as the name of a file.
    var fileName: String {
        String(label.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" }.prefix(60))
    }

    static func shown(_ text: String) -> String {
        let text = text.count > 500 ? "\(text.prefix(500))…" : text
        return JSONValue.string(text).description
    }
}
