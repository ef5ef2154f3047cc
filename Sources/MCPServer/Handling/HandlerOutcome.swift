public import MCP

/// The outcome of a handler: its result, or requests for input that it needs first.
///
/// Handlers are written once, in the form of the newest revision. A legacy client receives input requests as JSON-RPC requests,
/// and the handler runs again with the responses.
public enum HandlerOutcome<Value: Sendable>: Sendable {
    /// The request is done.
    case complete(Value)
    /// The client must provide input first. The handler finds the responses in ``RequestContext/inputResponses``.
    ///
    /// Source: 2026-07-28, "Multi round-trip requests".
    case inputRequired(InputRequiredResult)
    /// The rest takes long. The request becomes a task if the tool has ``TaskSupport`` and the client supports tasks;
    /// otherwise the rest runs in place.
    ///
    /// A task reports no progress and logs nothing. Its client polls the status.
    /// Source: extension `io.modelcontextprotocol/tasks`.
    case task(Work)

    /// The part of a handler that takes long.
    ///
    /// It may request input too.
    public typealias Work = @Sendable (RequestContext) async throws -> HandlerOutcome<Value>

    func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> HandlerOutcome<Other> {
        switch self {
        case .complete(let value): .complete(transform(value))
        case .inputRequired(let result): .inputRequired(result)
        case .task(let work): .task { try await work($0).map(transform) }
        }
    }
}
