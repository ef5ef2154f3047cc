public import MCP

/// What a handler comes to: its result, or questions that must be answered before there can be one.
///
/// Handlers are written once, in the shape of the newest revision. A client of an older one is asked by requests, and
/// the handler is run again with the answers.
public enum Outcome<Value: Sendable>: Sendable {
    /// The request is done.
    case complete(Value)
    /// The client must answer first; the answers come in ``RequestContext/inputResponses``.
    ///
    /// Source: 2026-07-28, "Multi round-trip requests".
    case inputRequired(InputRequiredResult)

    func map<Other: Sendable>(_ transform: (Value) -> Other) -> Outcome<Other> {
        switch self {
        case .complete(let value): .complete(transform(value))
        case .inputRequired(let questions): .inputRequired(questions)
        }
    }
}
