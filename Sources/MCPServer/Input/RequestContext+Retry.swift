import JSON
import JSONRPC

extension RequestContext {
    /// Takes what a retry carries.
    ///
    /// - Throws: An error for the client whose answers have no shape, or whose state is not its own.
    ///
    /// Source: 2026-07-28, "Multi round-trip requests".
    mutating func takeAnswers(from request: Message.Request, _ seal: StateSeal) throws(RPCError) {
        if let answers = request.params?["inputResponses"] {
            guard answers.kind == .object else { throw .invalidParams("\"inputResponses\" must be an object") }
            inputResponses = answers.value().object ?? [:]
        }
        if let state = request.params?["requestState"] {
            guard let state = state.string else { throw .invalidParams("\"requestState\" must be a string") }
            requestState = try seal.open(state, for: binding(of: request))
        }
    }

    /// What a state that is given with an answer to the request belongs to.
    func binding(of request: Message.Request) -> StateBinding {
        StateBinding(principal: principal, method: request.method, params: request.params)
    }
}
