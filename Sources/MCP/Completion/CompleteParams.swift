public import JSON

/// The parameters of `completion/complete`.
///
/// Source: "Completion", all revisions.
public struct CompleteParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Asks how an argument could go on.
    public init(ref: CompletionReference, argument: CompletionArgument) {
        self.init(json: [:])
        self.ref = ref
        self.argument = argument
    }

    /// What the argument belongs to.
    public var ref: CompletionReference? {
        get { self["ref"] }
        set { self["ref"] = newValue }
    }

    /// The argument and what of it is typed.
    public var argument: CompletionArgument? {
        get { self["argument"] }
        set { self["argument"] = newValue }
    }

    /// What else is known: the member `arguments` has those already filled in.
    public var context: JSONObject? {
        get { self["context"] }
        set { self["context"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(
        .required("ref", .view(CompletionReference.self)),
        .required("argument", .view(CompletionArgument.self)),
        .optional("context", .object([.optional("arguments", .stringMap)]), since: .v2025_06_18)
    )
}
