extension NotificationSignature<NotificationParams> {
    /// The types of `notifications/initialized`.
    public static var initialized: Self { Self(.initialized) }
    /// The types of `notifications/tools/list_changed`.
    public static var toolsListChanged: Self { Self(.toolsListChanged) }
    /// The types of `notifications/prompts/list_changed`.
    public static var promptsListChanged: Self { Self(.promptsListChanged) }
    /// The types of `notifications/resources/list_changed`.
    public static var resourcesListChanged: Self { Self(.resourcesListChanged) }
    /// The types of `notifications/roots/list_changed`.
    public static var rootsListChanged: Self { Self(.rootsListChanged) }
}

extension NotificationSignature<CancelledParams> {
    /// The types of `notifications/cancelled`.
    public static var cancelled: Self { Self(.cancelled) }
}

extension NotificationSignature<ProgressParams> {
    /// The types of `notifications/progress`.
    public static var progress: Self { Self(.progress) }
}

extension NotificationSignature<LogMessageParams> {
    /// The types of `notifications/message`.
    public static var message: Self { Self(.message) }
}

extension NotificationSignature<ResourceUpdatedParams> {
    /// The types of `notifications/resources/updated`.
    public static var resourcesUpdated: Self { Self(.resourcesUpdated) }
}

extension NotificationSignature<ElicitationCompleteParams> {
    /// The types of `notifications/elicitation/complete`.
    public static var elicitationComplete: Self { Self(.elicitationComplete) }
}

extension NotificationSignature<TaskStatusParams> {
    /// The types of `notifications/tasks/status`.
    public static var tasksStatus: Self { Self(.tasksStatus) }
    /// The types of `notifications/tasks`.
    public static var tasks: Self { Self(.tasks) }
}

extension NotificationSignature<SubscriptionsAcknowledgedParams> {
    /// The types of `notifications/subscriptions/acknowledged`.
    public static var subscriptionsAcknowledged: Self { Self(.subscriptionsAcknowledged) }
}
