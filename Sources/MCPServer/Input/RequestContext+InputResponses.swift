import JSON
public import JSONRPC
public import MCP

extension RequestContext {
    /// The client's answer to a question of the round before, or nothing if it did not give one.
    ///
    /// Who gets nothing asks again. A decline is an answer too: look at the action of an ``ElicitResult``.
    ///
    /// - Throws: An error for the client whose answer is none to that kind of question.
    ///
    /// Source: 2026-07-28, "Multi round-trip requests", server requirements.
    public func answer<Answer: ResultView>(
        to key: String,
        as type: Answer.Type = Answer.self
    ) throws(RPCError) -> Answer? {
        guard let value = inputResponses[key] else { return nil }
        guard let answer = Answer(jsonValue: value) else {
            throw .invalidParams("the answer to \"\(key)\" must be an object, not \(value.typeName)")
        }
        let problems = answer.problems(in: revision)
        guard problems.isEmpty else {
            let reasons = problems.map { "\($0)" }.joined(separator: " ")
            throw .invalidParams("the answer to \"\(key)\" is not what was asked for. \(reasons)")
        }
        return answer
    }
}
