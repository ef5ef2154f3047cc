public import JSON

/// The notifications that a subscription delivers.
///
/// Source: 2026-07-28, "Subscriptions"; `taskIds` is of the tasks extension.
public struct SubscriptionFilter: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// Changes of the list of tools.
    public var toolsListChanged: Bool? {
        get { self["toolsListChanged"] }
        set { self["toolsListChanged"] = newValue }
    }

    /// Changes of the list of prompts.
    public var promptsListChanged: Bool? {
        get { self["promptsListChanged"] }
        set { self["promptsListChanged"] = newValue }
    }

    /// Changes of the lists of resources and resource templates.
    public var resourcesListChanged: Bool? {
        get { self["resourcesListChanged"] }
        set { self["resourcesListChanged"] = newValue }
    }

    /// Changes of the resources with these URIs.
    public var resourceSubscriptions: [String]? {
        get { self["resourceSubscriptions"] }
        set { self["resourceSubscriptions"] = newValue }
    }

    /// Changes of the tasks with these IDs.
    public var taskIDs: [String]? {
        get { self["taskIds"] }
        set { self["taskIds"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional("toolsListChanged", .boolean),
        .optional("promptsListChanged", .boolean),
        .optional("resourcesListChanged", .boolean),
        .optional("resourceSubscriptions", .array(.string)),
        .optional("taskIds", .array(.string)),
    ]
}
