import JSON
import MCP
import MCPClient
import Tester

/// Asks the person at the terminal what a server wants to know.
///
/// Questions go to standard error, so that standard output stays what was asked for. End of input cancels.
struct TerminalInput {
    let streams: Streams
    let readLine: @Sendable () async -> String?

    /// Asks until the call comes to its end.
    func settle(_ answer: Report, _ session: TesterSession) async -> Report {
        var answer = answer
        while let pending = answer.pending {
            var replies: JSONObject = [:]
            for question in pending.questions { replies[question.key] = .object(await ask(question)) }
            let next = await session.respond(pending.callID, with: replies)
            guard let failure = next.failure, failure.failureClass == .usage else {
                answer = next
                continue
            }
            say("\(failure.message)\n")
            // What was wrong is asked again; what nobody wants to know any more is not.
            if failure.details["violations"] == nil { answer = await session.respond(pending.callID, with: [:]) }
        }
        return answer
    }

    // MARK: - One question

    private func ask(_ open: PendingInput.Request) async -> JSONObject {
        let question = open.question
        for remark in open.remarks { say("Not used: \(remark)\n") }
        switch question.kind {
        case .elicitation:
            say("\nThe server asks: \(question.message ?? "(it does not say what)")\n")
            if question.mode == .url { return await page(question) }
            return await form(question)
        case .sampling:
            say("\nThe server asks for a message of a model:\n")
            for message in question.params["messages"]?.elements ?? [] { say("  \(message)\n") }
            guard let text = await line("What the model says (nothing declines): ") else { return ["action": "cancel"] }
            return text.isEmpty ? ["action": "decline"] : ["text": .string(text)]
        case .roots:
            guard let text = await line("\nThe server asks for the root directories (file: URIs with spaces between): ")
            else { return ["action": "cancel"] }
            return ["roots": .array(text.split(separator: " ").map { .string(String($0)) })]
        }
    }

    /// Shows the URL whole; it is never opened from here.
    private func page(_ question: ReceivedInputRequest) async -> JSONObject {
        say("  It wants you to open this page yourself: \(question.params["url"]?.string ?? "(no URL)")\n")
        return ["action": .string(await choose("Agree?"))]
    }

    private func form(_ question: ReceivedInputRequest) async -> JSONObject {
        let fields = question.formFields
        let action = await choose(fields.isEmpty ? "Agree?" : "Fill in \(fields.map(\.name).joined(separator: ", "))?")
        guard action == "accept" else { return ["action": .string(action)] }
        var content: JSONObject = [:]
        for (name, field) in fields {
            let isRequired = question.requiredFields.contains(name)
            guard let filled = await value(of: name, field, isRequired: isRequired) else { return ["action": "cancel"] }
            if case .value(let value) = filled { content[name] = value }
        }
        return ["action": "accept", "content": .object(content)]
    }

    private enum Filled {
        case value(JSONValue)
        case leftOut
    }

    /// Asks for a field until there is a value that it can have; nothing at the end of input.
    private func value(of name: String, _ field: ElicitationField, isRequired: Bool) async -> Filled? {
        if let text = field.description ?? field.title { say("  \(text)\n") }
        for (index, choice) in (field.choices ?? []).enumerated() {
            say("    \(index + 1) \(choice.value)\(choice.title.map { " (\($0))" } ?? "")\n")
        }
        let hint = field.default.map { "[\($0.string ?? $0.description)]" } ?? (isRequired ? "" : "(may be left out)")
        while true {
            guard let text = await line("  \(name)\(hint.isEmpty ? "" : " \(hint)"): ") else { return nil }
            if text.isEmpty {
                if let value = field.default { return .value(value) }
                if !isRequired { return .leftOut }
                if field.kind != .string { continue }
            }
            do throws(Failure) {
                return .value(try FormFieldText.value(text, for: name, field))
            } catch {
                say("  \(error.message)\n")
            }
        }
    }

    private func choose(_ what: String) async -> String {
        while true {
            switch await line("\(what) [yes, decline, cancel] ")?.lowercased() {
            case nil, "c", "cancel": return "cancel"
            case "", "y", "yes": return "accept"
            case "d", "decline", "n", "no": return "decline"
            default: continue
            }
        }
    }

    private func line(_ prompt: String) async -> String? {
        say(prompt)
        return await readLine()
    }

    /// What a server sends must not steer the terminal.
    private func say(_ text: String) {
        streams.error(SafeText.escape(text))
    }
}
