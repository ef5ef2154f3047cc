/// An object that tells how a task stands.
///
/// 2025-11-25 counts lifetimes in `ttl` and `pollInterval`, the extension in `ttlMs` and `pollIntervalMs`.
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public protocol TaskView: JSONObjectView {}

extension TaskView {
    /// The name of the task.
    public var taskID: String? {
        get { self["taskId"] }
        set { self["taskId"] = newValue }
    }

    /// How it stands.
    public var status: TaskStatus? {
        get { self["status"] }
        set { self["status"] = newValue }
    }

    /// How it stands, for people.
    public var statusMessage: String? {
        get { self["statusMessage"] }
        set { self["statusMessage"] = newValue }
    }

    /// When it began, as ISO 8601.
    public var createdAt: String? {
        get { self["createdAt"] }
        set { self["createdAt"] = newValue }
    }

    /// When its status changed last, as ISO 8601.
    public var lastUpdatedAt: String? {
        get { self["lastUpdatedAt"] }
        set { self["lastUpdatedAt"] = newValue }
    }

    /// For how many milliseconds from its creation it is kept, by 2025-11-25; `null` on the wire means for ever.
    public var ttl: Int? {
        get { self["ttl"] }
        set { self["ttl"] = newValue }
    }

    /// How many milliseconds to wait before asking again, by 2025-11-25.
    public var pollInterval: Int? {
        get { self["pollInterval"] }
        set { self["pollInterval"] = newValue }
    }

    /// For how many milliseconds from its creation it is kept, by the extension; `null` on the wire means for ever.
    public var ttlMs: Int? {
        get { self["ttlMs"] }
        set { self["ttlMs"] = newValue }
    }

    /// How many milliseconds to wait before asking again, by the extension.
    public var pollIntervalMs: Int? {
        get { self["pollIntervalMs"] }
        set { self["pollIntervalMs"] = newValue }
    }
}

extension [Member] {
    /// The members of a task.
    static let task = coreTask + extensionTask

    /// The members of a task of the core.
    static let coreTask: [Member] = .task(
        lifetime: "ttl",
        interval: "pollInterval",
        since: .v2025_11_25,
        through: .v2025_11_25
    )

    /// The members of a task of the extension.
    static let extensionTask: [Member] = .task(
        lifetime: "ttlMs",
        interval: "pollIntervalMs",
        since: .v2026_07_28,
        through: .latest
    )

    private static func task(
        lifetime: String,
        interval: String,
        since first: Revision,
        through last: Revision
    ) -> [Member] {
        [
            .required("taskId", .string, since: first, through: last),
            .required("status", TaskStatus.shape, since: first, through: last),
            .optional("statusMessage", .string, since: first, through: last),
            .required("createdAt", .string, since: first, through: last),
            .required("lastUpdatedAt", .string, since: first, through: last),
            .required(lifetime, .either(.integer, .null), since: first, through: last),
            .optional(interval, .integer, since: first, through: last),
        ]
    }
}
