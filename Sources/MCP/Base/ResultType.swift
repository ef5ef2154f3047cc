/// What kind of result a result is.
///
/// Source: 2026-07-28, basic protocol, "resultType".
public struct ResultType: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a kind, known or not.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The request is done.
    public static let complete: ResultType = "complete"
    /// The server asks for more before it goes on: ``InputRequiredResult``.
    public static let inputRequired: ResultType = "input_required"
    /// The server goes on by itself: a task of the extension.
    public static let task: ResultType = "task"
}
