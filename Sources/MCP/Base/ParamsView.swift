public import JSONRPC

/// The parameters of a request, of whatever method.
public protocol ParamsView: JSONObjectView {}

extension ParamsView {
    /// The request metadata; in the stateless era the envelope with revision, client and capabilities.
    public var requestMeta: RequestMeta? {
        get { self["_meta"] }
        set { self["_meta"] = newValue }
    }
}

/// The token that links progress notifications to their request: a string or an integer.
public typealias ProgressToken = RequestID

extension [Member] {
    /// The members of a request's parameters, including `_meta`, which every stateless request must have.
    static func params(_ members: Member...) -> [Member] {
        [
            .optional("_meta", .view(RequestMeta.self), through: .v2025_11_25),
            .required("_meta", .view(RequestMeta.self), since: .v2026_07_28),
        ] + members
    }

    /// The members of parameters that are sent inside an `inputRequests` entry, without an envelope, since 2026-07-28.
    static func inputParams(_ members: Member...) -> [Member] {
        [.optional("_meta", .view(RequestMeta.self), through: .v2025_11_25)] + members
    }

    /// The members of a notification's parameters.
    static func notificationParams(_ members: Member...) -> [Member] {
        [.optional("_meta", .object(.notificationMeta))] + members
    }

    /// The members of a notification's `_meta` that the specification defines.
    static let notificationMeta: [Member] = [
        .optional(MetaKey.subscriptionID.rawValue, .stringOrInteger, since: .v2026_07_28)
    ]
}
