import MCP

/// The types of a method's parameters and result, erased.
struct AnySignature {
    let params: any JSONObjectView.Type
    let result: any JSONObjectView.Type

    init<Params, Result>(_ signature: MethodSignature<Params, Result>) {
        params = Params.self
        result = Result.self
    }

    /// All methods that this library knows.
    static let all: [Method: AnySignature] = [
        .initialize: .init(.initialize),
        .serverDiscover: .init(.serverDiscover),
        .ping: .init(.ping),
        .toolsList: .init(.toolsList),
        .toolsCall: .init(.toolsCall),
        .resourcesList: .init(.resourcesList),
        .resourcesTemplatesList: .init(.resourcesTemplatesList),
        .resourcesRead: .init(.resourcesRead),
        .resourcesSubscribe: .init(.resourcesSubscribe),
        .resourcesUnsubscribe: .init(.resourcesUnsubscribe),
        .promptsList: .init(.promptsList),
        .promptsGet: .init(.promptsGet),
        .completionComplete: .init(.completionComplete),
        .loggingSetLevel: .init(.loggingSetLevel),
        .subscriptionsListen: .init(.subscriptionsListen),
        .samplingCreateMessage: .init(.samplingCreateMessage),
        .rootsList: .init(.rootsList),
        .elicitationCreate: .init(.elicitationCreate),
        .tasksGet: .init(.tasksGet),
        .tasksResult: .init(.tasksResult),
        .tasksList: .init(.tasksList),
        .tasksCancel: .init(.tasksCancel),
        .tasksUpdate: .init(.tasksUpdate),
    ]

    /// The parameter types of all notifications that this library knows.
    static let notifications: [NotificationName: any JSONObjectView.Type] = [
        .initialized: NotificationParams.self,
        .cancelled: CancelledParams.self,
        .progress: ProgressParams.self,
        .message: LogMessageParams.self,
        .toolsListChanged: NotificationParams.self,
        .promptsListChanged: NotificationParams.self,
        .resourcesListChanged: NotificationParams.self,
        .resourcesUpdated: ResourceUpdatedParams.self,
        .rootsListChanged: NotificationParams.self,
        .elicitationComplete: ElicitationCompleteParams.self,
        .tasksStatus: TaskStatusParams.self,
        .tasks: TaskStatusParams.self,
        .subscriptionsAcknowledged: SubscriptionsAcknowledgedParams.self,
    ]
}
