public import MCP

/// What a handler comes to: its result, or questions that must be answered before there can be one.
///
/// Handlers are written once, in the shape of the newest revision. A client of an older one is asked by requests, and
/// the handler is run again with the answers.
public enum HandlerOutcome<Value: Sendable>: Sendable {
    /// The request is done.
    case complete(Value)
    /// The client must answer first; the answers come in ``RequestContext/inputResponses``.
    ///
    /// Source: 2026-07-28, "Multi round-trip requests".
    case inputRequired(InputRequiredResult)
    /// The rest takes long. The request becomes a task where that can be: the call of a tool that was added with
    /// ``TaskSupport``, by a client that knows tasks. Elsewhere the rest is done in place.
    ///
    /// A task reports no progress and logs nothing; its client looks how it stands.
    /// Source: extension `io.modelcontextprotocol/tasks`.
    case task(Work)

    /// The part of a handler that takes long; it may ask too.
    public typealias Work = @Sendable (RequestContext) async throws -> HandlerOutcome<Value>

    func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> HandlerOutcome<Other> {
        switch self {
        case .complete(let value): .complete(transform(value))
        case .inputRequired(let questions): .inputRequired(questions)
        case .task(let work): .task { try await work($0).map(transform) }
        }
    }
}
