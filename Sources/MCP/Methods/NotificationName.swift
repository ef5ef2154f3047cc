/// The name of a notification.
public struct NotificationName: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a name, known or not.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The client is ready; ends the legacy handshake.
    public static let initialized: NotificationName = "notifications/initialized"
    /// A request is called off.
    public static let cancelled: NotificationName = "notifications/cancelled"
    /// A request has come this far.
    public static let progress: NotificationName = "notifications/progress"
    /// A log message.
    public static let message: NotificationName = "notifications/message"
    /// The list of tools is another one now.
    public static let toolsListChanged: NotificationName = "notifications/tools/list_changed"
    /// The list of prompts is another one now.
    public static let promptsListChanged: NotificationName = "notifications/prompts/list_changed"
    /// The list of resources or of templates is another one now.
    public static let resourcesListChanged: NotificationName = "notifications/resources/list_changed"
    /// A resource has changed.
    public static let resourcesUpdated: NotificationName = "notifications/resources/updated"
    /// The client's root directories are others now.
    public static let rootsListChanged: NotificationName = "notifications/roots/list_changed"
    /// What the user was sent to a URL for is done.
    public static let elicitationComplete: NotificationName = "notifications/elicitation/complete"
    /// A task of 2025-11-25 stands otherwise now.
    public static let tasksStatus: NotificationName = "notifications/tasks/status"
    /// A task of the extension stands otherwise now.
    public static let tasks: NotificationName = "notifications/tasks"
    /// The first message on a subscription: what of it the server honours.
    public static let subscriptionsAcknowledged: NotificationName = "notifications/subscriptions/acknowledged"
}
