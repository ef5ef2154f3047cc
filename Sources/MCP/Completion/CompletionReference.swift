public import JSON

/// The owner of an argument: a prompt or a resource template.
///
/// Source: "Completion", all revisions.
public struct CompletionReference: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
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

    /// The title of the prompt.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// The URI or URI template of the resource.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// Creates a reference to a prompt.
    public static func prompt(_ name: String) -> CompletionReference {
        CompletionReference(json: ["type": "ref/prompt", "name": .string(name)])
    }

    /// Creates a reference to a resource template.
    public static func resource(_ uri: String) -> CompletionReference {
        CompletionReference(json: ["type": "ref/resource", "uri": .string(uri)])
    }

    /// The rules that both types share; see `variants` for the rest.
    public static let members: [Member] = [.required("type", .oneOf(["ref/prompt", "ref/resource"]))]

    /// The member rules of each type.
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

    /// Returns the violations of the rules of the type.
    public func problems(in revision: Revision) -> [Problem] {
        let rules = type.flatMap { Self.variants[$0] } ?? Self.members
        return rules.problems(of: json, in: revision)
    }
}
