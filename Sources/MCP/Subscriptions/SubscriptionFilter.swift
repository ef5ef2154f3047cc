public import JSON

/// Which notifications a subscription is for.
///
/// Source: 2026-07-28, "Subscriptions"; `taskIds` is of the tasks extension.
public struct SubscriptionFilter: JSONObjectView {
    /// The filter as received.
    public var json: JSONObject

    /// Looks at an object as a filter.
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

    /// Changes of the lists of resources and templates.
    public var resourcesListChanged: Bool? {
        get { self["resourcesListChanged"] }
        set { self["resourcesListChanged"] = newValue }
    }

    /// Changes of resources with these URIs.
    public var resourceSubscriptions: [String]? {
        get { self["resourceSubscriptions"] }
        set { self["resourceSubscriptions"] = newValue }
    }

    /// Changes of tasks with these ids.
    public var taskIDs: [String]? {
        get { self["taskIds"] }
        set { self["taskIds"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional("toolsListChanged", .boolean),
        .optional("promptsListChanged", .boolean),
        .optional("resourcesListChanged", .boolean),
        .optional("resourceSubscriptions", .array(.string)),
        .optional("taskIds", .array(.string)),
    ]
}
