import JSON
import MCP

// What is written for a client has no members that its revision does not know: hosts of that time may refuse them, and a
// revision is agreed upon to be kept. Source: "Lifecycle", operation, since 2025-06-18.

extension JSONObjectView {
    /// The same without members of other revisions; members that no revision knows stay.
    func trimmed(to revision: Revision) -> Self {
        Self(json: json.trimmed(by: Self.members, to: revision))
    }
}

extension JSONObject {
    fileprivate func trimmed(by rules: [MCP.Member], to revision: Revision) -> JSONObject {
        var trimmed = JSONObject()
        for member in members {
            let own = rules.filter { $0.name == member.key }
            if own.isEmpty {
                trimmed.append(member.key, member.value)
            } else if let rule = own.first(where: { $0.revisions.contains(revision) }) {
                trimmed.append(member.key, member.value.trimmed(by: rule.shape, to: revision))
            }
        }
        return trimmed
    }
}

extension JSONValue {
    /// Goes into views only: an object that is none, such as a JSON Schema, may hold more than the revision names.
    fileprivate func trimmed(by shape: ValueShape, to revision: Revision) -> JSONValue {
        switch (shape, self) {
        case (.view(let type), .object(let object)): object.trimmed(as: type, to: revision)
        case (.array(let element, _), .array(let values)):
            .array(values.map { $0.trimmed(by: element, to: revision) })
        default: self
        }
    }
}

extension JSONObject {
    fileprivate func trimmed(as type: any JSONObjectView.Type, to revision: Revision) -> JSONValue {
        if type == ContentBlock.self { return ContentBlock(json: self).adapted(to: revision).jsonValue }
        let object = trimmed(by: type.members, to: revision)
        return type == Tool.self
            ? Tool(json: object).withoutUnusableOutputSchema(in: revision).jsonValue : .object(object)
    }
}

extension ContentBlock {
    /// The same in what a revision has; a block of a kind that it does not know is put into words.
    func adapted(to revision: Revision) -> ContentBlock {
        // Nearly every block is nothing but text, which is the same everywhere.
        if json.count == 2, text != nil, kind == .text { return self }
        guard let kind, let members = Self.variants[kind] else { return self }
        guard !revision.profile.contentKinds.contains(kind) else {
            return ContentBlock(json: json.trimmed(by: members, to: revision))
        }
        switch kind {
        case .resourceLink:
            let words = [link?.name, link?.uri, link?.description].compactMap(\.self).joined(separator: "\n")
            return .text("Resource: \(words)")
        default:
            return .text(
                "(Content of type \(kind), \(mimeType ?? "unknown format"): revision \(revision) cannot carry it.)"
            )
        }
    }
}

extension Tool {
    /// Leaves an output schema out that a revision has no place for: until 2025-11-25 data was an object.
    fileprivate func withoutUnusableOutputSchema(in revision: Revision) -> Tool {
        guard let outputSchema, outputSchema["type"] != "object", !revision.has(.anyStructuredContent) else {
            return self
        }
        var tool = self
        tool.outputSchema = nil
        return tool
    }
}
