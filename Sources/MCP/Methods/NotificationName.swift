/// The name of a notification.
public struct NotificationName: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a name, known or unknown.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The client is ready.
    ///
    /// Ends the legacy handshake.
    public static let initialized: NotificationName = "notifications/initialized"
    /// A request is cancelled.
    public static let cancelled: NotificationName = "notifications/cancelled"
    /// The progress of a request.
    public static let progress: NotificationName = "notifications/progress"
    /// A log message.
    public static let message: NotificationName = "notifications/message"
    /// The list of tools changed.
    public static let toolsListChanged: NotificationName = "notifications/tools/list_changed"
    /// The list of prompts changed.
    public static let promptsListChanged: NotificationName = "notifications/prompts/list_changed"
    /// The list of resources or resource templates changed.
    public static let resourcesListChanged: NotificationName = "notifications/resources/list_changed"
    /// A resource changed.
    public static let resourcesUpdated: NotificationName = "notifications/resources/updated"
    /// The client's root directories changed.
    public static let rootsListChanged: NotificationName = "notifications/roots/list_changed"
    /// The elicitation by URL is complete.
    public static let elicitationComplete: NotificationName = "notifications/elicitation/complete"
    /// The status of a task of 2025-11-25 changed.
    public static let tasksStatus: NotificationName = "notifications/tasks/status"
    /// The status of a task of the extension changed.
    public static let tasks: NotificationName = "notifications/tasks"
    /// The first message of a subscription: the accepted filter.
    public static let subscriptionsAcknowledged: NotificationName = "notifications/subscriptions/acknowledged"
}
