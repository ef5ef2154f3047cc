public import JSON

/// The result of `completion/complete`.
///
/// Source: "Completion", all revisions.
public struct CompleteResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(completion: Completion) {
        self.init(json: [:])
        self.completion = completion
    }

    /// How the argument could go on.
    public var completion: Completion? {
        get { self["completion"] }
        set { self["completion"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .result(
        .required("completion", .view(Completion.self))
    )
}
