public import JSON

/// The parameters of a request that a server may answer with questions: ``InputRequiredResult``.
///
/// Source: 2026-07-28, "Multi round-trip requests".
public protocol RetryableParams: ParamsView {}

extension RetryableParams {
    /// The responses by input request key: bare results without an envelope.
    public var inputResponses: JSONObject? {
        get { self["inputResponses"] }
        set { self["inputResponses"] = newValue }
    }

    /// The state from the server's previous result, sent back unchanged.
    public var requestState: String? {
        get { self["requestState"] }
        set { self["requestState"] = newValue }
    }
}

extension [Member] {
    /// The members that a retry adds.
    static let retry: [Member] = [
        .optional("inputResponses", .map(.object), since: .v2026_07_28),
        .optional("requestState", .string, since: .v2026_07_28),
    ]

    /// The members of a result that is sent inside an `inputResponses` entry, without an envelope, since 2026-07-28.
    static func inputResult(_ members: Member...) -> [Member] {
        [.optional("_meta", .object, through: .v2025_11_25)] + members
    }
}
