public import JSON

/// The request of a client that its call becomes a task.
///
/// Source: 2025-11-25, "Tasks"; removed in 2026-07-28.
public struct TaskMetadata: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// The requested lifetime in milliseconds.
    public var ttl: Int? {
        get { self["ttl"] }
        set { self["ttl"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [.optional("ttl", .integer)]
}
