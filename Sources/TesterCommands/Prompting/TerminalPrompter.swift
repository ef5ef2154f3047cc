import JSON
import MCP
import MCPClient
import Tester

/// Prompts the person at the terminal for the input that a server requests.
///
/// Prompts go to standard error, so that standard output has the report alone. The end of input cancels.
struct TerminalPrompter {
    let streams: Streams
    let readLine: @Sendable () async -> String?

    /// Prompts until the call is finished.
    func resolve(_ report: Report, in session: TesterSession) async -> Report {
        var report = report
        while let pending = report.pending {
            var replies: JSONObject = [:]
            for request in pending.questions { replies[request.key] = .object(await reply(to: request)) }
            let next = await session.respond(pending.callID, with: replies)
            guard let failure = next.failure, failure.failureClass == .usage else {
                report = next
                continue
            }
            write("\(failure.message)\n")
            // An invalid reply is asked for again. If the request expired meanwhile, the call's own report is fetched.
            if failure.details["violations"] == nil { report = await session.respond(pending.callID, with: [:]) }
        }
        return report
    }

    // MARK: - One input request

    private func reply(to pending: PendingInput.Request) async -> JSONObject {
        let request = pending.question
        for remark in pending.remarks { write("Not used: \(remark)\n") }
        switch request.kind {
        case .elicitation:
            write("\nThe server requests input: \(request.message ?? "(no message)")\n")
            if request.mode == .url { return await page(request) }
            return await form(request)
        case .sampling:
            write("\nThe server requests a model's response to:\n")
            for message in request.params["messages"]?.elements ?? [] { write("  \(message)\n") }
            guard let text = await line("Response (empty to decline): ") else { return ["action": "cancel"] }
            return text.isEmpty ? ["action": "decline"] : ["text": .string(text)]
        case .roots:
            let prompt = "\nThe server requests the root directories (file: URIs, separated by spaces): "
            guard let text = await line(prompt) else { return ["action": "cancel"] }
            return ["roots": .array(text.split(separator: " ").map { .string(String($0)) })]
        }
    }

    /// Shows the whole URL, which is never opened from here.
    private func page(_ request: ReceivedInputRequest) async -> JSONObject {
        write("  To continue, open this page yourself: \(request.params["url"]?.string ?? "(no URL)")\n")
        return ["action": .string(await choose("Accept?"))]
    }

    private func form(_ request: ReceivedInputRequest) async -> JSONObject {
        let fields = request.formFields
        let action = await choose(fields.isEmpty ? "Accept?" : "Fill in \(fields.map(\.name).joined(separator: ", "))?")
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
        if let text = field.description ?? field.title { write("  \(text)\n") }
        for (index, choice) in (field.choices ?? []).enumerated() {
            write("    \(index + 1) \(choice.value)\(choice.title.map { " (\($0))" } ?? "")\n")
        }
        let hint = field.default.map { "[\($0.string ?? $0.description)]" } ?? (isRequired ? "" : "(optional)")
        while true {
            guard let text = await line("  \(name)\(hint.isEmpty ? "" : " \(hint)"): ") else { return nil }
            if text.isEmpty {
                if let value = field.default { return .value(value) }
                if !isRequired { return .omitted }
                if field.kind != .string { continue }
            }
            do throws(Failure) {
                return .value(try FormFieldText.value(text, for: name, field))
            } catch {
                write("  \(error.message)\n")
            }
        }
    }

    private func choose(_ prompt: String) async -> String {
        while true {
            switch await line("\(prompt) [yes, decline, cancel] ")?.lowercased() {
            case nil, "c", "cancel": return "cancel"
            case "", "y", "yes": return "accept"
            case "d", "decline", "n", "no": return "decline"
            default: continue
            }
        }
    }

    private func line(_ prompt: String) async -> String? {
        write(prompt)
        return await readLine()
    }

    private func write(_ text: String) {
        streams.error(SafeText.escape(text))
    }
}
