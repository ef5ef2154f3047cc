public import JSON

/// An input request inside a result: a method and its parameters, without ID or envelope.
///
/// Source: 2026-07-28, "Multi round-trip requests".
public struct InputRequest: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates an input request.
    public init(method: Method, params: JSONObject? = nil) {
        self.init(json: [:])
        self.method = method
        self.params = params
    }

    /// The requested method: ``Method/elicitationCreate``, ``Method/samplingCreateMessage`` or ``Method/rootsList``.
    public var method: Method? {
        get { self["method"] }
        set { self["method"] = newValue }
    }

    /// The parameters of the method.
    public var params: JSONObject? {
        get { self["params"] }
        set { self["params"] = newValue }
    }

    /// Returns the violations of the schema, including those in the parameters of a known method.
    public func problems(in revision: Revision) -> [Problem] {
        var problems = Self.members.problems(of: json, in: revision)
        guard let method else { return problems }
        guard revision.profile.allows(method, .inResult) else {
            let sentence = "Expected an input request of revision \(revision), got \(method.jsonValue.sketch)."
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

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("method", .string),
        .optional("params", .object),
    ]
}
