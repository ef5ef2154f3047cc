public import JSONRPC

/// The parameters of a request, of whatever method.
public protocol ParamsView: JSONObjectView {}

extension ParamsView {
    /// The envelope that says who asks, in what revision and what the caller can do.
    public var requestMeta: RequestMeta? {
        get { self["_meta"] }
        set { self["_meta"] = newValue }
    }
}

/// What a progress notification is tied to its request by: a string or an integer.
public typealias ProgressToken = RequestID

extension [Member] {
    /// The members of a request's parameters, with `_meta`, without which no modern request is well formed.
    static func params(_ members: Member...) -> [Member] {
        [
            .optional("_meta", .view(RequestMeta.self), through: .v2025_11_25),
            .required("_meta", .view(RequestMeta.self), since: .v2026_07_28),
        ] + members
    }

    /// The members of parameters that travel inside an `inputRequests` entry since 2026-07-28, without an envelope.
    static func inputParams(_ members: Member...) -> [Member] {
        [.optional("_meta", .view(RequestMeta.self), through: .v2025_11_25)] + members
    }

    /// The members of a notification's parameters.
    static func notificationParams(_ members: Member...) -> [Member] {
        [.optional("_meta", .object(.notificationMeta))] + members
    }

    /// The keys of a notification's `_meta` that the specification gives a type.
    static let notificationMeta: [Member] = [
        .optional(MetaKey.subscriptionID.rawValue, .stringOrInteger, since: .v2026_07_28)
    ]
}
