/// What to return for a call that the target turns into a task.
public enum TaskMode: String, Sendable, CaseIterable {
    /// The result, as for any call.
    case wait
    /// The task id, to get the result later.
    case handle
}
