import JSON
import Tester

extension TesterTool {
    static let respond = TesterTool(
        "respond",
        title: "Report a question of the server",
        """
        Report what the server under test asked during a call whose answer has the status needs_input, and get the call's \
        result or its next question. Answers are checked against what was asked before they leave; a wrong one is told and \
        the question stays open. Without any answer the call is only waited for.
        """,
        parameters: [
            "call_id": optional("string", "The call_id of the waiting call; may be left out where only one waits."),
            "answers": [
                "type": ["object", "null"], "additionalProperties": ["type": "object"],
                "description": .string(
                    "Answers by the keys of the questions. Elicitation: {action: accept, decline or cancel; content}. "
                        + "Sampling: {text}, or the whole result; {action: decline}. Roots: {roots: [uri]}. "
                        + "Any: {error: {code, message}}."
                ),
            ],
            "action": optional("string", "For the only open question: accept, decline or cancel."),
            "content": optional("object", "For the only open question: what is filled into the form."),
            "text": optional("string", "For the only open question: what the model says."),
            "force": optional("boolean", "Send the answer also where it breaks what was asked for."),
        ],
        reads: false
    ) { (session, input, host) throws(Failure) in
        await session.respond(
            input.string("call_id"),
            with: try input.answers,
            isForced: input.bool("force"),
            relay: host.relay
        )
    }
}

extension ToolInput {
    /// The answers by keys, the one for the only question under no name.
    fileprivate var answers: JSONObject {
        get throws(Failure) {
            var answers = object("answers") ?? [:]
            let own = ["action", "content", "text"].compactMap { name -> JSONObject.Member? in
                value(name).map { .init(key: name, value: $0) }
            }
            guard !own.isEmpty else { return answers }
            guard answers.isEmpty else {
                throw .usage(
                    "Both answers and \(own[0].key) are given.",
                    nextStep: "Give answers by the keys of the questions, or action and content for the only one."
                )
            }
            answers[""] = .object(JSONObject(own))
            return answers
        }
    }
}
