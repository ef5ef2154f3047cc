extension ContentBlock {
    /// The member rules of each kind of block.
    package static let variants: [ContentKind: [Member]] = [
        .text: .block(.text, .required("text", .string)),
        .image: .block(.image, .required("data", .base64), .required("mimeType", .string)),
        .audio: .block(.audio, .required("data", .base64), .required("mimeType", .string)),
        .resource: .block(.resource, .required("resource", .view(ResourceContents.self))),
        .resourceLink: [.required("type", .constant("resource_link"))] + Resource.members,
        .toolUse: [
            .required("type", .constant("tool_use")),
            .required("id", .string),
            .required("name", .string),
            .required("input", .object),
            .optional("_meta", .object, since: .v2025_11_25),
        ],
        .toolResult: [
            .required("type", .constant("tool_result")),
            .required("toolUseId", .string),
            .required("content", .arrayOf(ContentBlock.self)),
            .optional("isError", .boolean),
            .optional("structuredContent", .object, through: .v2025_11_25),
            .optional("structuredContent", .any, since: .v2026_07_28),
            .optional("_meta", .object, since: .v2025_11_25),
        ],
    ]

    /// The rules that all kinds share; see `variants` for the rest.
    public static let members: [Member] = [.required("type", .string)]

    /// Returns the violations in a block of a tool result or prompt.
    public func problems(in revision: Revision) -> [Problem] {
        problems(in: revision, among: revision.profile.contentKinds)
    }

    func problems(in revision: Revision, among kinds: Set<ContentKind>) -> [Problem] {
        guard let kind else { return Self.members.problems(of: json, in: revision) }
        guard kinds.contains(kind), let members = Self.variants[kind] else {
            let known = ValueShape.oneOf(kinds.map(\.rawValue).sorted())
            return [Problem("Expected \(known) (revision \(revision)), got \(kind.jsonValue.sketch).").under("type")]
        }
        return members.problems(of: json, in: revision)
    }
}

extension [Member] {
    fileprivate static func block(_ kind: ContentKind, _ members: Member...) -> [Member] {
        [
            .required("type", .constant(kind.rawValue)),
            .optional("annotations", .view(Annotations.self)),
            .optional("_meta", .object, since: .v2025_06_18),
        ] + members
    }
}
