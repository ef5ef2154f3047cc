import JSON
import MCP
import MCPClient

/// The answers that a user has prepared for one call.
public struct InputPlan: Sendable {
    /// Answers in the order in which they are tried; each is used once.
    public var answers: [PreparedAnswer]
    /// Values for form fields by name; the first value of a name is for the first form with that field.
    public var values: [(name: String, text: String)]

    /// Creates a plan.
    public init(answers: [PreparedAnswer] = [], values: [(name: String, text: String)] = []) {
        self.answers = answers
        self.values = values
    }

    var isEmpty: Bool { answers.isEmpty && values.isEmpty }

    /// What a plan has for an input request.
    enum Choice {
        /// An answer, which is removed from the plan.
        case reply(InputReply)
        /// An invalid answer, with the reasons; it stays in the plan.
        case unusable([String])
        /// Nothing.
        case nothing
    }

    /// Removes and returns the answer to an input request.
    mutating func take(for request: ReceivedInputRequest) -> Choice {
        if let index = answers.firstIndex(where: { $0.matches(request) }) {
            let prepared = answers[index]
            do throws(InputReply.Fault) {
                let reply = try InputReply.read(prepared.answer, to: request)
                answers.remove(at: index)
                return .reply(reply)
            } catch {
                return .unusable(error.reasons.map { "prepared answer \(prepared.place): \($0)" })
            }
        }
        return fillIn(request)
    }

    /// Fills a form with the prepared values and its defaults.
    private mutating func fillIn(_ request: ReceivedInputRequest) -> Choice {
        let fields = request.formFields
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
            let reply = try InputReply.read(["content": .object(content)], to: request)
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

    /// Findings about what was prepared but not requested.
    var unusedFindings: [Finding] {
        var findings: [Finding] = []
        if !answers.isEmpty {
            let places = answers.map { String($0.place) }.joined(separator: ", ")
            findings.append(
                .init(.usage, "Prepared answers were not used because no input request matched them: \(places)")
            )
        }
        if !values.isEmpty {
            let names = values.map(\.name).joined(separator: ", ")
            findings.append(.init(.usage, "Values were not used because no form has such fields: \(names)"))
        }
        return findings
    }
}
