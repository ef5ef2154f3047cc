import JSON
import JSONRPC

extension RequestContext {
    /// Takes the responses and the state that a retry carries.
    ///
    /// - Throws: an error for the client if they are not valid.
    ///
    /// Source: 2026-07-28, "Multi round-trip requests".
    mutating func takeInput(
        from request: Message.Request,
        _ params: ReceivedParams,
        _ seal: StateSeal
    ) throws(RPCError) {
        if let responses = params.inputResponses {
            guard responses.kind == .object else { throw .invalidParams("`inputResponses` must be an object") }
            inputResponses = responses.value().object ?? [:]
        }
        if let state = params.requestState {
            guard let state = state.string else { throw .invalidParams("`requestState` must be a string") }
            requestState = try seal.open(state, for: binding(of: request))
        }
    }

    /// The binding of a state that is sent with the response to a request.
    func binding(of request: Message.Request) -> StateBinding {
        StateBinding(principal: principal, method: request.method, params: request.params)
    }
}
