import JSON

/// The result of a request, of whatever kind.
public protocol ResultView: JSONObjectView {}

extension ResultView {
    /// The kind of this result.
    ///
    /// Older servers omit it, which means ``ResultType/complete``.
    public var resultType: ResultType? {
        get { self["resultType"] }
        set { self["resultType"] = newValue }
    }

    /// The server's name and version, if `_meta` carries them.
    public var serverInfo: Implementation? {
        meta?[MetaKey.serverInfo.rawValue].flatMap(Implementation.init(jsonValue:))
    }
}

extension [Member] {
    /// The members of a result, including those of every result.
    static func result(_ members: Member...) -> [Member] {
        [
            .optional("_meta", .object(.resultMeta)),
            .required("resultType", .string, since: .v2026_07_28),
        ] + members
    }

    /// The members of a page of a list.
    static func page(_ items: Member) -> [Member] {
        result(items, .optional("nextCursor", .string))
    }

    /// The members that control caching.
    static let caching: [Member] = [
        .required("ttlMs", .integer(atLeast: 0), since: .v2026_07_28),
        .required("cacheScope", .oneOf(CacheScope.allCases.map(\.rawValue)), since: .v2026_07_28),
    ]

    /// The members of a result's `_meta` that the specification defines.
    static let resultMeta: [Member] = [
        .optional(MetaKey.serverInfo.rawValue, .view(Implementation.self), since: .v2026_07_28)
    ]
}
