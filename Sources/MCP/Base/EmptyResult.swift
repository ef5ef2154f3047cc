public import JSON

/// A result that holds nothing of its own.
public struct EmptyResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as an empty result.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// What the schemas say.
    public static let members: [Member] = .result()
}
