/// An object that describes a task.
///
/// The names differ: `ttl` and `pollInterval` in 2025-11-25, `ttlMs` and `pollIntervalMs` in the extension.
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public protocol TaskView: JSONObjectView {}

extension TaskView {
    /// The task ID.
    public var taskID: String? {
        get { self["taskId"] }
        set { self["taskId"] = newValue }
    }

    /// The status.
    public var status: TaskStatus? {
        get { self["status"] }
        set { self["status"] = newValue }
    }

    /// The status in words, for people.
    public var statusMessage: String? {
        get { self["statusMessage"] }
        set { self["statusMessage"] = newValue }
    }

    /// The time of creation (ISO 8601).
    public var createdAt: String? {
        get { self["createdAt"] }
        set { self["createdAt"] = newValue }
    }

    /// The time of the last status change (ISO 8601).
    public var lastUpdatedAt: String? {
        get { self["lastUpdatedAt"] }
        set { self["lastUpdatedAt"] = newValue }
    }

    /// The lifetime from creation in milliseconds, in 2025-11-25; `null` on the wire means unlimited.
    public var ttl: Int? {
        get { self["ttl"] }
        set { self["ttl"] = newValue }
    }

    /// The recommended polling interval in milliseconds, in 2025-11-25.
    public var pollInterval: Int? {
        get { self["pollInterval"] }
        set { self["pollInterval"] = newValue }
    }

    /// The lifetime from creation in milliseconds, in the extension; `null` on the wire means unlimited.
    public var ttlMs: Int? {
        get { self["ttlMs"] }
        set { self["ttlMs"] = newValue }
    }

    /// The recommended polling interval in milliseconds, in the extension.
    public var pollIntervalMs: Int? {
        get { self["pollIntervalMs"] }
        set { self["pollIntervalMs"] = newValue }
    }
}

extension [Member] {
    /// The members of a task.
    static let task = coreTask + extensionTask

    /// The members of a task in 2025-11-25.
    static let coreTask: [Member] = .task(
        lifetime: "ttl",
        interval: "pollInterval",
        since: .v2025_11_25,
        through: .v2025_11_25
    )

    /// The members of a task in the extension.
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
