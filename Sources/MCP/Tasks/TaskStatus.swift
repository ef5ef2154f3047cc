/// How a task stands.
public enum TaskStatus: String, CaseIterable, JSONConvertible {
    /// It goes on.
    case working
    /// It waits for input.
    case inputRequired = "input_required"
    /// It is done and has a result.
    case completed
    /// It ended without a result.
    case failed
    /// It was called off.
    case cancelled

    /// Tells whether the task will not change any more.
    public var isTerminal: Bool {
        switch self {
        case .working, .inputRequired: false
        case .completed, .failed, .cancelled: true
        }
    }

    /// One of the states.
    static let shape = ValueShape.oneOf(allCases.map(\.rawValue))
}
