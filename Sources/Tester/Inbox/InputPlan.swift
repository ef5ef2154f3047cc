import JSON
import MCP
import MCPClient

/// What a user has ready for the questions of one call.
public struct InputPlan: Sendable {
    /// Answers in the order in which they are looked through; each is used once.
    public var answers: [PreparedAnswer]
    /// Values for fields of forms, by their names: the first of a name is for the first form that has such a field.
    public var values: [(name: String, text: String)]

    /// Creates a plan; an empty one has nothing ready.
    public init(answers: [PreparedAnswer] = [], values: [(name: String, text: String)] = []) {
        self.answers = answers
        self.values = values
    }

    var isEmpty: Bool { answers.isEmpty && values.isEmpty }

    /// What a plan has for a question.
    enum Choice {
        /// This answer, which is taken out of the plan.
        case reply(InputReply)
        /// An answer that is none, for these reasons; it stays in the plan.
        case unusable([String])
        /// Nothing.
        case nothing
    }

    /// Takes the answer to a question out of the plan.
    mutating func take(for question: ReceivedInputRequest) -> Choice {
        if let index = answers.firstIndex(where: { $0.matches(question) }) {
            let prepared = answers[index]
            do throws(InputReply.Fault) {
                let reply = try InputReply.read(prepared.answer, to: question)
                answers.remove(at: index)
                return .reply(reply)
            } catch {
                return .unusable(error.reasons.map { "prepared answer \(prepared.place): \($0)" })
            }
        }
        return fillIn(question)
    }

    /// Fills a form with the values that there are for it, and with its defaults.
    private mutating func fillIn(_ question: ReceivedInputRequest) -> Choice {
        let fields = question.formFields
        var left = values
        var content: JSONObject = [:]
        var isUsed = false
        do {
            for (name, field) in fields {
                if let index = left.firstIndex(where: { $0.name == name }) {
                    content[name] = try FormFieldText.value(left.remove(at: index).text, for: name, field)
                    isUsed = true
                } else if let value = field.default {
                    content[name] = value
                }
            }
            guard isUsed else { return .nothing }
            let reply = try InputReply.read(["content": .object(content)], to: question)
            values = left
            return .reply(reply)
        } catch let error as InputReply.Fault {
            return .unusable(error.reasons)
        } catch let error as Failure {
            return .unusable([error.message])
        } catch {
            return .nothing
        }
    }

    /// What is left over is worth a word: it was expected to be asked for.
    var unusedFindings: [Report.Finding] {
        var findings: [Report.Finding] = []
        if !answers.isEmpty {
            let places = answers.map { String($0.place) }.joined(separator: ", ")
            findings.append(
                .init(.usage, "Prepared answers were not used, for nothing that they match was asked: \(places)")
            )
        }
        if !values.isEmpty {
            let names = values.map(\.name).joined(separator: ", ")
            findings.append(.init(.usage, "Values were not used, for no form asked for them: \(names)"))
        }
        return findings
    }
}
