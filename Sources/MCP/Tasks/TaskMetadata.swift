public import JSON

/// The wish that a request become a task.
///
/// Source: 2025-11-25, "Tasks"; removed in 2026-07-28.
public struct TaskMetadata: JSONObjectView {
    /// The wish as received.
    public var json: JSONObject

    /// Looks at an object as a wish.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// For how many milliseconds to keep it.
    public var ttl: Int? {
        get { self["ttl"] }
        set { self["ttl"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [.optional("ttl", .integer)]
}
