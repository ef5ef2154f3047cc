/// The severity of a log message, in ascending order.
///
/// Source: RFC 5424, section 6.2.1, by way of "Logging", all revisions.
public enum LogLevel: String, CaseIterable, Comparable, JSONConvertible {
    /// Details for debugging.
    case debug
    /// Normal operation.
    case info
    /// A normal but significant event.
    case notice
    /// Something unexpected that may lead to an error.
    case warning
    /// An error that affects one operation.
    case error
    /// A critical condition, such as a component that failed.
    case critical
    /// Immediate action is required.
    case alert
    /// The system is unusable.
    case emergency

    /// Orders levels by severity.
    public static func < (one: LogLevel, other: LogLevel) -> Bool {
        one.severity < other.severity
    }

    /// The shape of a level.
    static let shape = ValueShape.oneOf(allCases.map(\.rawValue))

    private var severity: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .notice: 2
        case .warning: 3
        case .error: 4
        case .critical: 5
        case .alert: 6
        case .emergency: 7
        }
    }
}
