/// The parameters of a request that concerns a task.
public protocol TaskReferenceParams: ParamsView {}

extension TaskReferenceParams {
    /// The task ID.
    public var taskID: String? {
        get { self["taskId"] }
        set { self["taskId"] = newValue }
    }
}
