public import JSON

/// A question of the server inside a result: a method and its parameters, without id or envelope.
///
/// Source: 2026-07-28, "Multi round-trip requests".
public struct InputRequest: JSONObjectView {
    /// The question as received.
    public var json: JSONObject

    /// Looks at an object as a question.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Asks something.
    public init(method: Method, params: JSONObject? = nil) {
        self.init(json: [:])
        self.method = method
        self.params = params
    }

    /// What is asked: ``Method/elicitationCreate``, ``Method/samplingCreateMessage`` or ``Method/rootsList``.
    public var method: Method? {
        get { self["method"] }
        set { self["method"] = newValue }
    }

    /// The parameters of the method.
    public var params: JSONObject? {
        get { self["params"] }
        set { self["params"] = newValue }
    }

    /// Lists what is wrong, in the parameters too where the method is a known one.
    public func problems(in revision: Revision) -> [Problem] {
        var problems = Self.members.problems(of: json, in: revision)
        guard let method else { return problems }
        guard revision.profile.allows(method, .inResult) else {
            let sentence = "This is \(method.jsonValue.sketch), which revision \(revision) does not let a server ask."
            return problems + [Problem(sentence).under("method")]
        }
        let view: (any JSONObjectView)? =
            switch method {
            case .elicitationCreate: ElicitParams(json: params ?? [:])
            case .samplingCreateMessage: CreateMessageParams(json: params ?? [:])
            default: params.map(ListRootsParams.init(json:))
            }
        problems += view?.problems(in: revision).map { $0.under("params") } ?? []
        return problems
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("method", .string),
        .optional("params", .object),
    ]
}
