import JSON
import MCP
public import MCPClient

/// What a target lists of several kinds, fetched one after the other.
struct Survey {
    /// One list.
    struct Section {
        let kind: ListKind
        let fetched: Fetched
        /// Why it brought nothing, if it failed.
        let failure: Failure?
        /// The items in the shape that users know.
        let entries: [JSONText]
    }

    let sections: [Section]

    var failures: [Failure] { sections.compactMap(\.failure) }

    /// How many of each there are, in words.
    var counts: String {
        sections.map { "\($0.entries.count) \($0.kind.noun)\($0.entries.count == 1 ? "" : "s")" }.joined(
            separator: ", "
        )
    }

    /// How many of each there are, by the names that metadata has for them.
    var totals: JSONObject {
        JSONObject(sections.map { .init(key: "total_\($0.kind.key)", value: JSONValue($0.entries.count)) })
    }

    var members: [Answer.Member] {
        sections.map { .init(key: $0.kind.key, value: .list($0.entries.map(Answer.Part.payload))) }
    }
}

extension TesterSession {
    /// Lists several kinds of things in one answer: `tools`, `resources`, `resource_templates`, `prompts`.
    ///
    /// A kind that cannot be listed does not keep the others from being shown. That a target does not declare a kind is
    /// only worth a word where somebody asked for that kind in particular.
    public func listAll(_ kinds: [ListKind] = ListKind.allCases, on name: String? = nil) async -> Answer {
        await ask(on: name, emptyPayload: ("tools", [])) { question in
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                let survey = await survey(kinds, question)
                var answer: Answer
                if let failure = survey.failures.first {
                    question.connection.count { $0.errors += 1 }
                    answer = Answer(failure, context: " (\(question.connection.label), \(question.elapsed) ms)")
                } else {
                    answer = question.answer("\(survey.counts) listed")
                }
                answer.members += survey.members
                let isSelection = kinds.count < ListKind.allCases.count
                for section in survey.sections where section.fetched.isDeclared || isSelection {
                    answer.note(section, question)
                }
                let metadata = JSONObject(survey.totals.members + question.metadata.members)
                answer.add("metadata", .object(metadata))
                return answer
            }
        }
    }

    func survey(_ kinds: [ListKind], _ question: Question) async -> Survey {
        var sections: [Survey.Section] = []
        for kind in kinds {
            let fetched = await fetch(kind, question)
            // Many servers have resources and no templates: that they refuse to list them is no failure.
            let isNothing = kind == .resourceTemplates && fetched.isUnknownMethod
            sections.append(
                Survey.Section(
                    kind: kind,
                    fetched: isNothing ? Fetched() : fetched,
                    failure: isNothing ? nil : fetched.failure(question, kind.method.rawValue),
                    entries: fetched.listing.items.map { kind.entry($0, in: question.client.revision) }
                )
            )
        }
        return Survey(sections: sections)
    }
}

extension Answer {
    /// Adds what is wrong with one of several lists, unless the answer as a whole says it already.
    mutating func note(_ section: Survey.Section, _ question: Question) {
        guard let failure = section.failure else {
            note(section.fetched, question, section.kind.method.rawValue)
            return
        }
        guard failure.message != self.failure?.message else { return }
        findings.append(Finding(failure.failureClass, "\(failure.message) \(failure.nextStep)"))
    }
}

extension ListKind {
    /// The key under which answers have the items.
    var key: String { self == .resourceTemplates ? "resource_templates" : rawValue }

    /// What one item is called.
    var noun: String {
        switch self {
        case .tools: "tool"
        case .resources: "resource"
        case .resourceTemplates: "resource template"
        case .prompts: "prompt"
        }
    }

    /// The member by which an item is known.
    var identifier: String {
        switch self {
        case .tools, .prompts: "name"
        case .resources: "uri"
        case .resourceTemplates: "uriTemplate"
        }
    }

    fileprivate func entry(_ item: JSONText, in revision: Revision) -> JSONText {
        switch self {
        case .tools: TesterSession.entry(tool: item, in: revision)
        case .resources: TesterSession.entry(resource: item, in: revision)
        case .resourceTemplates: TesterSession.entry(template: item, in: revision)
        case .prompts: TesterSession.entry(prompt: item, in: revision)
        }
    }
}
