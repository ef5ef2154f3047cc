extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON text.
    public var description: String {
        JSONText(self).description
    }

    /// The value as JSON text with one line per member and element, indented by two spaces per level.
    public var prettyPrinted: String {
        var text = ""
        prettyPrint(into: &text, indentation: "")
        return text
    }

    private func prettyPrint(into text: inout String, indentation: String) {
        let inner = indentation + "  "
        switch self {
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                text += (index == 0 ? "[\n" : ",\n") + inner
                element.prettyPrint(into: &text, indentation: inner)
            }
            text += "\n\(indentation)]"
        case .object(let object) where !object.isEmpty:
            for (index, member) in object.members.enumerated() {
                text += (index == 0 ? "{\n" : ",\n") + inner + JSONValue.string(member.key).description + ": "
                member.value.prettyPrint(into: &text, indentation: inner)
            }
            text += "\n\(indentation)}"
        default: text += description
        }
    }
}
