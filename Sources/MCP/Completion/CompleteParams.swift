public import JSON

/// The parameters of `completion/complete`.
///
/// Source: "Completion", all revisions.
public struct CompleteParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that request completions of an argument.
    public init(ref: CompletionReference, argument: CompletionArgument) {
        self.init(json: [:])
        self.ref = ref
        self.argument = argument
    }

    /// The prompt or resource template that the argument belongs to.
    public var ref: CompletionReference? {
        get { self["ref"] }
        set { self["ref"] = newValue }
    }

    /// The argument and its typed part.
    public var argument: CompletionArgument? {
        get { self["argument"] }
        set { self["argument"] = newValue }
    }

    /// More context: the member `arguments` holds the arguments that are already filled in.
    public var context: JSONObject? {
        get { self["context"] }
        set { self["context"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(
        .required("ref", .view(CompletionReference.self)),
        .required("argument", .view(CompletionArgument.self)),
        .optional("context", .object([.optional("arguments", .stringMap)]), since: .v2025_06_18)
    )
}
