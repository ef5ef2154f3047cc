public import JSON

/// A result without members of its own.
public struct EmptyResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .result()
}
