import MCP

extension AccessorList {
    static let others: [AccessorList] = [
        .init(
            ContentBlock.self,
            [
                "type": \.kind, "annotations": \.annotations, "text": \.text, "data": \.data,
                "mimeType": \.mimeType, "resource": \.resource, "name": \.name, "id": \.id, "input": \.input,
                "toolUseId": \.toolUseID, "content": \.content, "structuredContent": \.structuredContent,
                "isError": \.isError,
            ],
            members: ContentBlock.variants.filter { $0.key != .resourceLink }.flatMap(\.value)
        ),
        .init(
            ProgressParams.self,
            [
                "progressToken": \.progressToken, "progress": \.progress, "total": \.total, "message": \.message,
            ]
        ),
        .init(CancelledParams.self, ["requestId": \.requestID, "reason": \.reason]),
        .init(UnsupportedVersionData.self, ["supported": \.supported, "requested": \.requested]),
        .init(MissingCapabilityData.self, ["requiredCapabilities": \.requiredCapabilities]),
        .init(ListenParams.self, ["notifications": \.notifications]),
        .init(ListenResult.self, ["resultType": \.resultType]),
        .init(SubscriptionsAcknowledgedParams.self, ["notifications": \.notifications]),
        .init(
            SubscriptionFilter.self,
            [
                "toolsListChanged": \.toolsListChanged, "promptsListChanged": \.promptsListChanged,
                "resourcesListChanged": \.resourcesListChanged,
                "resourceSubscriptions": \.resourceSubscriptions, "taskIds": \.taskIDs,
            ]
        ),
        .init(TaskInfo.self, task()),
        .init(
            GetTaskResult.self,
            task([
                "inputRequests": \.inputRequests, "result": \.result, "error": \.error,
                "resultType": \.resultType,
            ])
        ),
        .init(CancelTaskResult.self, cancelled()),
        .init(TaskStatusParams.self, task(["inputRequests": \.inputRequests, "result": \.result, "error": \.error])),
        .init(ListTasksResult.self, ["tasks": \.tasks, "nextCursor": \.nextCursor, "resultType": \.resultType]),
        .init(TaskMetadata.self, ["ttl": \.ttl]),
        .init(TaskParams.self, ["taskId": \.taskID]),
        .init(UpdateTaskParams.self, ["taskId": \.taskID, "inputResponses": \.inputResponses]),
    ]

    private static func task<View: TaskView>(
        _ more: [String: KeyPathTo<View>] = [:]
    ) -> [String: KeyPathTo<View>] {
        let task: [String: KeyPathTo<View>] = [
            "taskId": \.taskID, "status": \.status, "statusMessage": \.statusMessage, "createdAt": \.createdAt,
            "lastUpdatedAt": \.lastUpdatedAt, "ttl": \.ttl, "pollInterval": \.pollInterval, "ttlMs": \.ttlMs,
            "pollIntervalMs": \.pollIntervalMs,
        ]
        return task.merging(more) { one, _ in one }
    }

    /// A task of 2025-11-25, as `tasks/cancel` returns it.
    private static func cancelled() -> [String: KeyPathTo<CancelTaskResult>] {
        task(["resultType": \.resultType]).filter { !["ttlMs", "pollIntervalMs"].contains($0.key) }
    }

    static func page<View: ListResult & CacheableResult>(
        _ view: View.Type,
        _ name: String,
        _ items: KeyPathTo<View>
    ) -> AccessorList {
        .init(
            view,
            [
                name: items, "nextCursor": \.nextCursor, "resultType": \.resultType, "ttlMs": \.ttlMs,
                "cacheScope": \.cacheScope,
            ]
        )
    }
}
