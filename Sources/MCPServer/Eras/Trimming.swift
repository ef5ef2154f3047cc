import JSON
import MCP

// Messages to a client have no members that its revision does not define, because its strict parsers may reject them.
// Source: "Lifecycle", operation, since 2025-06-18.

extension JSONObjectView {
    /// Removes the members of other revisions.
    ///
    /// Members that no revision defines stay.
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
    /// Descends into views only.
    ///
    /// Other objects, such as JSON Schemas, are open.
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
    /// Converts a block to a revision.
    ///
    /// A block of a kind that the revision does not have becomes text.
    func adapted(to revision: Revision) -> ContentBlock {
        // Fast path: most blocks are plain text, which is the same in all revisions.
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
                "(Content of type \(kind), \(mimeType ?? "unknown format"), is not supported in revision \(revision).)"
            )
        }
    }
}

extension Tool {
    /// Removes an output schema that does not describe an object if the revision requires one.
    fileprivate func withoutUnusableOutputSchema(in revision: Revision) -> Tool {
        guard let outputSchema, outputSchema["type"] != "object", !revision.has(.anyStructuredContent) else {
            return self
        }
        var tool = self
        tool.outputSchema = nil
        return tool
    }
}
