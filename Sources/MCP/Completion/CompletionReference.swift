public import JSON

/// What an argument belongs to: a prompt or a resource template.
///
/// Source: "Completion", all revisions.
public struct CompletionReference: JSONObjectView {
    /// The reference as received.
    public var json: JSONObject

    /// Looks at an object as a reference.
    public init(json: JSONObject) {
        self.json = json
    }

    /// `ref/prompt` or `ref/resource`.
    public var type: String? {
        get { self["type"] }
        set { self["type"] = newValue }
    }

    /// The name of the prompt.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The name of the prompt to show.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// The URI or template of the resource.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// Names a prompt.
    public static func prompt(_ name: String) -> CompletionReference {
        CompletionReference(json: ["type": "ref/prompt", "name": .string(name)])
    }

    /// Names a resource template.
    public static func resource(_ uri: String) -> CompletionReference {
        CompletionReference(json: ["type": "ref/resource", "uri": .string(uri)])
    }

    /// What the schemas say about both kinds; the rest depends on the type.
    public static let members: [Member] = [.required("type", .oneOf(["ref/prompt", "ref/resource"]))]

    /// What the schemas say about each type.
    package static let variants: [String: [Member]] = [
        "ref/prompt": [
            .required("type", .constant("ref/prompt")),
            .required("name", .string),
            .optional("title", .string, since: .v2025_06_18),
        ],
        "ref/resource": [
            .required("type", .constant("ref/resource")),
            .required("uri", .string),
        ],
    ]

    /// Lists what is wrong, by the rules of the type.
    public func problems(in revision: Revision) -> [Problem] {
        let rules = type.flatMap { Self.variants[$0] } ?? Self.members
        return rules.problems(of: json, in: revision)
    }
}
