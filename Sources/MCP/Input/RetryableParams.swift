public import JSON

/// The parameters of a request that a server may answer with questions: ``InputRequiredResult``.
///
/// Source: 2026-07-28, "Multi round-trip requests".
public protocol RetryableParams: ParamsView {}

extension RetryableParams {
    /// The answers, by the keys of the questions: bare results without any envelope.
    public var inputResponses: JSONObject? {
        get { self["inputResponses"] }
        set { self["inputResponses"] = newValue }
    }

    /// What the server gave to be sent back unread.
    public var requestState: String? {
        get { self["requestState"] }
        set { self["requestState"] = newValue }
    }
}

extension [Member] {
    /// What a retry carries.
    static let retry: [Member] = [
        .optional("inputResponses", .map(.object), since: .v2026_07_28),
        .optional("requestState", .string, since: .v2026_07_28),
    ]

    /// The members of a result that travels inside an `inputResponses` entry since 2026-07-28, without an envelope.
    static func inputResult(_ members: Member...) -> [Member] {
        [.optional("_meta", .object, through: .v2025_11_25)] + members
    }
}
