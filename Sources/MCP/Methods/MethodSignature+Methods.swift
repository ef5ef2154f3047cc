// One entry per method; see Documentation/Adding-a-method.md.

// MARK: - Lifecycle

extension MethodSignature<InitializeParams, InitializeResult> {
    /// The types of `initialize`.
    public static var initialize: Self { Self(.initialize) }
}

extension MethodSignature<EmptyParams, DiscoverResult> {
    /// The types of `server/discover`.
    public static var serverDiscover: Self { Self(.serverDiscover) }
}

extension MethodSignature<EmptyParams, EmptyResult> {
    /// The types of `ping`.
    public static var ping: Self { Self(.ping) }
}

// MARK: - Features of the server

extension MethodSignature<PaginatedParams, ListToolsResult> {
    /// The types of `tools/list`.
    public static var toolsList: Self { Self(.toolsList) }
}

extension MethodSignature<CallToolParams, CallToolResult> {
    /// The types of `tools/call`.
    public static var toolsCall: Self { Self(.toolsCall) }
}

extension MethodSignature<PaginatedParams, ListResourcesResult> {
    /// The types of `resources/list`.
    public static var resourcesList: Self { Self(.resourcesList) }
}

extension MethodSignature<PaginatedParams, ListResourceTemplatesResult> {
    /// The types of `resources/templates/list`.
    public static var resourcesTemplatesList: Self { Self(.resourcesTemplatesList) }
}

extension MethodSignature<ReadResourceParams, ReadResourceResult> {
    /// The types of `resources/read`.
    public static var resourcesRead: Self { Self(.resourcesRead) }
}

extension MethodSignature<ResourceParams, EmptyResult> {
    /// The types of `resources/subscribe`.
    public static var resourcesSubscribe: Self { Self(.resourcesSubscribe) }
}

extension MethodSignature<ResourceParams, EmptyResult> {
    /// The types of `resources/unsubscribe`.
    public static var resourcesUnsubscribe: Self { Self(.resourcesUnsubscribe) }
}

extension MethodSignature<PaginatedParams, ListPromptsResult> {
    /// The types of `prompts/list`.
    public static var promptsList: Self { Self(.promptsList) }
}

extension MethodSignature<GetPromptParams, GetPromptResult> {
    /// The types of `prompts/get`.
    public static var promptsGet: Self { Self(.promptsGet) }
}

extension MethodSignature<CompleteParams, CompleteResult> {
    /// The types of `completion/complete`.
    public static var completionComplete: Self { Self(.completionComplete) }
}

extension MethodSignature<SetLevelParams, EmptyResult> {
    /// The types of `logging/setLevel`.
    public static var loggingSetLevel: Self { Self(.loggingSetLevel) }
}

extension MethodSignature<ListenParams, ListenResult> {
    /// The types of `subscriptions/listen`.
    public static var subscriptionsListen: Self { Self(.subscriptionsListen) }
}

// MARK: - Features of the client

extension MethodSignature<CreateMessageParams, CreateMessageResult> {
    /// The types of `sampling/createMessage`.
    public static var samplingCreateMessage: Self { Self(.samplingCreateMessage) }
}

extension MethodSignature<ListRootsParams, ListRootsResult> {
    /// The types of `roots/list`.
    public static var rootsList: Self { Self(.rootsList) }
}

extension MethodSignature<ElicitParams, ElicitResult> {
    /// The types of `elicitation/create`.
    public static var elicitationCreate: Self { Self(.elicitationCreate) }
}

// MARK: - Tasks

extension MethodSignature<TaskParams, GetTaskResult> {
    /// The types of `tasks/get`.
    public static var tasksGet: Self { Self(.tasksGet) }
}

extension MethodSignature<TaskParams, CallToolResult> {
    /// The types of `tasks/result`, which returns the result of the tool call that became the task.
    public static var tasksResult: Self { Self(.tasksResult) }
}

extension MethodSignature<PaginatedParams, ListTasksResult> {
    /// The types of `tasks/list`.
    public static var tasksList: Self { Self(.tasksList) }
}

extension MethodSignature<TaskParams, CancelTaskResult> {
    /// The types of `tasks/cancel`.
    public static var tasksCancel: Self { Self(.tasksCancel) }
}

extension MethodSignature<UpdateTaskParams, EmptyResult> {
    /// The types of `tasks/update`.
    public static var tasksUpdate: Self { Self(.tasksUpdate) }
}
