import ArgumentParser
import JSON
import MCP
import MCPClient
import Tester

/// Answers an input request that was left open.
struct RespondCommand: SessionOperation {
    static let configuration = CommandConfiguration(
        commandName: "respond",
        abstract: "Answer the input request of a call that waits.",
        usage: "respond [NAME=VALUE ... | accept | decline | cancel | {…}]",
        discussion: """
            Without words, prompts at a terminal. Examples:
              respond name=Ada age=36
              respond decline
              respond text='The answer of the model'
            """
    )

    @Argument(help: ArgumentHelp("A form field, an action, or the whole answer as JSON.", valueName: "answer"))
    var words: [String] = []

    @OptionGroup
    var output: OutputOptions

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        let input =
            try await words.count == 1 && Self.actions.contains(words[0])
            ? ArgumentInput.object(JSONText(["action": .string(words[0])]))
            : ArgumentInput(words, from: context.inputs)
        return { [progress = context.progress] (session) throws(Failure) in
            // Nothing is answered yet: this shows what is open, or the result of a call that has ended.
            let waiting = await session.respond(nil, with: [:])
            guard let pending = waiting.pending else { return waiting }
            if case .none = input { return waiting }
            let request = pending.questions[0]
            let answer: JSONObject
            switch input {
            case .none: return waiting
            case .object(let text): answer = text.value().object ?? [:]
            case .pairs(let pairs): answer = try Self.answer(pairs, to: request)
            }
            return await session.respond(pending.callID, with: [request.key: .object(answer)], relay: progress)
        }
    }

    static let actions = ["accept", "decline", "cancel"]

    private static func answer(
        _ pairs: [ArgumentInput.Pair],
        to request: PendingInput.Request
    ) throws(Failure) -> JSONObject {
        let fields = request.question.formFields
        var content: JSONObject = [:]
        for pair in pairs {
            switch pair.value {
            case .exact(let value): content[pair.name] = value
            case .text(let text):
                // The engine reports an unknown field, with the name that is close to it.
                let field = fields.first { $0.name == pair.name }?.field
                content[pair.name] =
                    try field.map { (field) throws(Failure) in
                        try FormFieldText.checkedValue(text, for: pair.name, field)
                    } ?? .string(text)
            }
        }
        guard request.question.kind == .elicitation else { return content }
        for (name, field) in fields where content[name] == nil {
            if let value = field.default { content[name] = value }
        }
        return ["action": "accept", "content": .object(content)]
    }
}
