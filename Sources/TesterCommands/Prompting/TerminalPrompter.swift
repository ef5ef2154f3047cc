import JSON
import MCP
import MCPClient
import Tester

/// Prompts the person at the terminal for the input that a server requests.
///
/// Prompts go to standard error, so that standard output has the report alone. The end of input cancels.
struct TerminalPrompter {
    private let streams: Streams
    /// Shows a prompt and reads a line; nil at the end of input.
    private let ask: @Sendable (_ prompt: String) async -> String?
    private let progress: ProgressLine?
    /// Whether a request can stay open, to be answered by a command later.
    private let allowsLater: Bool

    init(
        streams: Streams,
        progress: ProgressLine?,
        allowsLater: Bool = false,
        ask: @escaping @Sendable (_ prompt: String) async -> String?
    ) {
        self.streams = streams
        self.progress = progress
        self.allowsLater = allowsLater
        self.ask = ask
    }

    /// A prompter that reads whole lines from standard input.
    init(in context: CommandContext) {
        let (streams, readLine) = (context.streams, context.inputs.line)
        self.init(streams: streams, progress: context.progress) { prompt in
            streams.error(SafeText.escape(prompt))
            let line = await readLine()
            // The cursor is still behind the prompt.
            if line == nil { streams.error("\n") }
            return line
        }
    }

    /// Prompts until the call is finished, or the person wants to answer later.
    ///
    /// - Parameter label: What progress says of the call.
    func resolve(_ report: Report, _ label: String, in session: TesterSession) async -> Report {
        var report = report
        while let pending = report.pending {
            var replies: JSONObject = [:]
            for request in pending.questions {
                guard let reply = await reply(to: request) else { return report }
                replies[request.key] = .object(reply)
            }
            // Waiting in a task that was cancelled cancels the call.
            if Task.isCancelled { replies = [:] }
            let next = await respond(pending.callID, replies, label, in: session)
            guard let failure = next.failure, failure.failureClass == .usage else {
                report = next
                continue
            }
            write("\(failure.message)\n")
            // An invalid reply is asked for again. If the request expired meanwhile, the call's own report is fetched.
            if failure.details["violations"] == nil { report = await respond(pending.callID, [:], label, in: session) }
        }
        return report
    }

    private func respond(_ id: String, _ replies: JSONObject, _ label: String, in session: TesterSession) async
        -> Report
    {
        guard let progress else { return await session.respond(id, with: replies) }
        return await progress.during(label) { await session.respond(id, with: replies, relay: progress) }
    }

    // MARK: - One input request

    /// The person's reply; nil to reply later.
    private func reply(to pending: PendingInput.Request) async -> JSONObject? {
        let request = pending.question
        for remark in pending.remarks { write("Not used: \(remark)\n") }
        switch request.kind {
        case .elicitation:
            write("\nThe server requests input: \(request.message ?? "(no message)")\n")
            if request.mode == .url { return await page(request) }
            return await form(request)
        case .sampling:
            write("\nThe server requests a model's response to:\n")
            if let system = request.params["systemPrompt"]?.string { write("  system: \(system)\n") }
            for message in request.params["messages"]?.elements ?? [] { write("  \(Self.line(of: message))\n") }
            guard let text = await ask("Response (empty to decline): ") else { return laterOrCancel }
            return text.isEmpty ? ["action": "decline"] : ["text": .string(text)]
        case .roots:
            write("\nThe server requests the root directories.\n")
            guard let text = await ask("file: URIs, separated by spaces: ") else { return laterOrCancel }
            return ["roots": .array(text.split(separator: " ").map { .string(String($0)) })]
        }
    }

    private static func line(of message: JSONText) -> String {
        guard let text = message["content"]?["text"]?.string else { return message.description }
        return "\(message["role"]?.string ?? "(no role)"): \(text)"
    }

    /// Shows the whole URL, which is never opened from here.
    private func page(_ request: ReceivedInputRequest) async -> JSONObject? {
        write("  To continue, open this page yourself: \(request.params["url"]?.string ?? "(no URL)")\n")
        return await choose("Accept?").map { ["action": .string($0)] }
    }

    private func form(_ request: ReceivedInputRequest) async -> JSONObject? {
        let fields = request.formFields
        let names = fields.map { $0.field.title ?? $0.name }.joined(separator: ", ")
        let what = names.count > 40 ? "\(fields.count) fields" : names
        guard let action = await choose(fields.isEmpty ? "Accept?" : "Fill in \(what)?") else { return nil }
        guard action == "accept" else { return ["action": .string(action)] }
        var content: JSONObject = [:]
        for (name, field) in fields {
            let isRequired = request.requiredFields.contains(name)
            guard let entry = await entry(for: name, field, isRequired: isRequired) else { return ["action": "cancel"] }
            if case .value(let value) = entry { content[name] = value }
        }
        return ["action": "accept", "content": .object(content)]
    }

    private enum Entry {
        case value(JSONValue)
        case omitted
    }

    /// Prompts for a field until its value is valid; nil at the end of input.
    private func entry(for name: String, _ field: ElicitationField, isRequired: Bool) async -> Entry? {
        let help = [field.title, field.description].compactMap(\.self).joined(separator: ": ")
        if !help.isEmpty { write("  \(help)\n") }
        for (index, choice) in (field.choices ?? []).enumerated() {
            write("    \(index + 1) \(choice.value)\(choice.title.map { " (\($0))" } ?? "")\n")
        }
        let prompt = "  \(name) (\(FieldHint.text(field, isRequired: isRequired)))\(FieldHint.defaultText(field)): "
        while true {
            guard let text = await ask(prompt) else { return nil }
            if text.isEmpty {
                if let value = field.default { return .value(value) }
                if !isRequired { return .omitted }
                if field.kind != .string { continue }
            }
            do throws(Failure) {
                return .value(try FormFieldText.checkedValue(text, for: name, field))
            } catch {
                write("  \(error.message)\n")
            }
        }
    }

    /// The action that the person chooses; nil for later.
    private func choose(_ prompt: String) async -> String? {
        let later = allowsLater ? ", later" : ""
        while true {
            guard let text = await ask("\(prompt) [yes, decline, cancel\(later)] ") else {
                return allowsLater && !Task.isCancelled ? nil : "cancel"
            }
            switch text.lowercased() {
            case "c", "cancel": return "cancel"
            case "", "y", "yes": return "accept"
            case "d", "decline", "n", "no": return "decline"
            case "l", "later": if allowsLater { return nil }
            default: continue
            }
        }
    }

    private var laterOrCancel: JSONObject? {
        allowsLater && !Task.isCancelled ? nil : ["action": "cancel"]
    }

    private func write(_ text: String) {
        streams.error(SafeText.escape(text))
    }
}
