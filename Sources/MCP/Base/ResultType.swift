/// The kind of a result.
///
/// Source: 2026-07-28, basic protocol, "resultType".
public struct ResultType: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a kind, known or unknown.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The request is done.
    public static let complete: ResultType = "complete"
    /// The server requests input before it continues: ``InputRequiredResult``.
    public static let inputRequired: ResultType = "input_required"
    /// The request became a task of the extension.
    public static let task: ResultType = "task"
}
