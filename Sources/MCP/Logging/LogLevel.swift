/// How much a log message matters, from the least to the most.
///
/// Source: RFC 5424, section 6.2.1, by way of "Logging", all revisions.
public enum LogLevel: String, CaseIterable, Comparable, JSONConvertible {
    /// Details for whoever looks for a fault.
    case debug
    /// Something happened, as it should.
    case info
    /// Something happened that is worth knowing.
    case notice
    /// Something may go wrong.
    case warning
    /// Something went wrong.
    case error
    /// A part has failed.
    case critical
    /// Somebody must act at once.
    case alert
    /// Nothing works.
    case emergency

    /// Orders by how much it matters.
    public static func < (one: LogLevel, other: LogLevel) -> Bool {
        one.severity < other.severity
    }

    /// One of the levels.
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
