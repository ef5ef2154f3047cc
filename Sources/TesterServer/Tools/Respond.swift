import JSON
import Tester

extension TesterTool {
    static let respond = TesterTool(
        "respond",
        title: "Answer an input request",
        """
        Answer input requests of a call with status `needs_input`. Returns the call's result, or its next input requests. \
        Invalid answers are not sent; you can answer again. Without an answer, wait for the call.
        """,
        parameters: [
            "call_id": parameter("string", "call_id of the waiting call, if there are several."),
            "answers": [
                "type": "object", "additionalProperties": ["type": "object"],
                "description": .string(
                    "Answers by the keys of the input requests. Elicitation: {action: accept, decline or cancel; content}. "
                        + "Sampling: {text}, the full result, or {action: decline}. Roots: {roots: [uri]}. "
                        + "Any kind: {error: {code, message}}."
                ),
            ],
            "action": parameter("string", "For one elicitation: accept, decline or cancel."),
            "content": parameter("object", "For one elicitation: form values."),
            "text": parameter("string", "For one sampling request: the model's text."),
            "force": parameter("boolean", "Send the answer even if it does not match the request."),
        ],
        effect: .mayDestroy(isIdempotent: false),
        result: [
            .optional("tool_call", "object", "null"), .optional("resource", "object", "null"),
            .optional("prompt", "object", "null"),
        ]
    ) { (session, input, host) throws(Failure) in
        await session.respond(
            input.string("call_id"),
            with: try input.answers,
            isForced: input.bool("force"),
            relay: host
        )
    }
}

extension ToolInput {
    /// The answers by keys; the key of the answer to the only input request is empty.
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
                    nextStep:
                        "Give answers by the keys of the input requests, or action, content or text for the only one."
                )
            }
            answers[""] = .object(JSONObject(own))
            return answers
        }
    }
}
