import MCP

/// The types of a method's parameters and result, without their names at compile time.
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

    private static func params<Params>(_ signature: NotificationSignature<Params>) -> any JSONObjectView.Type {
        Params.self
    }

    /// The parameter types of all notifications that this library knows.
    static let notifications: [NotificationName: any JSONObjectView.Type] = [
        .initialized: params(.initialized),
        .cancelled: params(.cancelled),
        .progress: params(.progress),
        .message: params(.message),
        .toolsListChanged: params(.toolsListChanged),
        .promptsListChanged: params(.promptsListChanged),
        .resourcesListChanged: params(.resourcesListChanged),
        .resourcesUpdated: params(.resourcesUpdated),
        .rootsListChanged: params(.rootsListChanged),
        .elicitationComplete: params(.elicitationComplete),
        .tasksStatus: params(.tasksStatus),
        .tasks: params(.tasks),
        .subscriptionsAcknowledged: params(.subscriptionsAcknowledged),
    ]
}
