import JSON

/// The result of a request, of whatever kind.
public protocol ResultView: JSONObjectView {}

extension ResultView {
    /// What kind of result this is; older servers leave it out, which means ``ResultType/complete``.
    public var resultType: ResultType? {
        get { self["resultType"] }
        set { self["resultType"] = newValue }
    }

    /// Who answered, if the server said so in `_meta`.
    public var serverInfo: Implementation? {
        meta?[MetaKey.serverInfo.rawValue].flatMap(Implementation.init(jsonValue:))
    }
}

extension [Member] {
    /// The members of a result, with those that every result has.
    static func result(_ members: Member...) -> [Member] {
        [
            .optional("_meta", .object(.resultMeta)),
            .required("resultType", .string, since: .v2026_07_28),
        ] + members
    }

    /// The members of a result that is a page of a list, with its items.
    static func page(_ items: Member) -> [Member] {
        result(items, .optional("nextCursor", .string))
    }

    /// What a client needs to know to keep a result.
    static let caching: [Member] = [
        .required("ttlMs", .integer(atLeast: 0), since: .v2026_07_28),
        .required("cacheScope", .oneOf(CacheScope.allCases.map(\.rawValue)), since: .v2026_07_28),
    ]

    /// The keys of a result's `_meta` that the specification gives a type.
    static let resultMeta: [Member] = [
        .optional(MetaKey.serverInfo.rawValue, .view(Implementation.self), since: .v2026_07_28)
    ]
}
