public import JSON

/// The parameters of a method that has none of its own.
public struct EmptyParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// What the schemas say.
    public static let members: [Member] = .params()
}
