public import JSON

/// The result of `completion/complete`.
///
/// Source: "Completion", all revisions.
public struct CompleteResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(completion: Completion) {
        self.init(json: [:])
        self.completion = completion
    }

    /// The completion values.
    public var completion: Completion? {
        get { self["completion"] }
        set { self["completion"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .result(
        .required("completion", .view(Completion.self))
    )
}
