import JSON
public import JSONRPC
public import MCP

extension RequestContext {
    /// Returns the client's response to an input request of the previous round, or nil if it sent none.
    ///
    /// If it is nil, request the input again. A refusal is a response too: check the action of an ``ElicitResult``.
    ///
    /// - Throws: an error for the client if the response is not valid.
    ///
    /// Source: 2026-07-28, "Multi round-trip requests", server requirements.
    public func inputResponse<Response: ResultView>(
        _ key: String,
        as type: Response.Type = Response.self
    ) throws(RPCError) -> Response? {
        guard let value = inputResponses[key] else { return nil }
        guard let response = Response(jsonValue: value) else { throw .invalidResponse(key, value) }
        let problems = response.problems(in: revision)
        guard problems.isEmpty else {
            let reasons = problems.map { "\($0)" }.joined(separator: " ")
            throw .invalidParams("the response to \"\(key)\" is not valid. \(reasons)")
        }
        return response
    }
}
