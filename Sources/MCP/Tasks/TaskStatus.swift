/// The status of a task.
public enum TaskStatus: String, CaseIterable, JSONConvertible {
    /// The task is running.
    case working
    /// The task waits for input.
    case inputRequired = "input_required"
    /// The task is done and has a result.
    case completed
    /// The task ended without a result.
    case failed
    /// The task was cancelled.
    case cancelled

    /// Whether the status is final.
    public var isTerminal: Bool {
        switch self {
        case .working, .inputRequired: false
        case .completed, .failed, .cancelled: true
        }
    }

    /// The shape of a status.
    static let shape = ValueShape.oneOf(allCases.map(\.rawValue))
}
