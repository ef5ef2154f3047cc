import JSON
import MCP
import MCPClient

/// Several lists of a target, fetched one after the other.
struct Survey {
    /// One list.
    struct Section {
        let kind: ListKind
        let fetched: Fetched
        /// The items in the shape of reports.
        var entries: [JSONText]
        /// Why tools cannot be called over HTTP, by name.
        var toolFaults: [String: [String]] = [:]
    }

    private(set) var sections: [Section]
    /// How many items there are besides those that a filter matches.
    private var hidden: [ListKind: Int] = [:]

    init(sections: [Section]) {
        self.sections = sections
    }

    /// Only the items that a filter matches.
    func filtered(_ options: ListOptions) -> Survey {
        guard let filter = options.filter?.lowercased(), !filter.isEmpty else { return self }
        var survey = self
        for index in sections.indices {
            let (kind, entries) = (sections[index].kind, sections[index].entries)
            let matching = entries.filter { $0.matches(filter, identifier: kind.identifier) }
            survey.sections[index].entries = matching
            survey.hidden[kind] = entries.count - matching.count
        }
        return survey
    }

    /// Why lists are incomplete.
    func failures(_ operation: Operation) -> [Failure] {
        sections.compactMap { $0.fetched.failure(operation, $0.kind.method.rawValue) }
    }

    /// A finding for each kind that the target does not declare, which was therefore not listed.
    var undeclared: [Report.Finding] {
        sections.filter { !$0.fetched.isDeclared }.map { section in
            Report.Finding(
                .protocolError,
                "The server does not declare the capability \"\(section.kind.capability)\", so \(section.kind.method) was not "
                    + "sent. Declare the capability if the server has any \(section.kind.noun)s."
            )
            .on(.lifecycle).asAdvice
        }
    }

    /// A finding for each tool that no client may call over HTTP.
    ///
    /// Source: 2026-07-28, "Tools", `x-mcp-header`.
    var uncallable: [Report.Finding] {
        sections.flatMap(\.toolFaults).sorted { $0.key < $1.key }.prefix(20).map { name, faults in
            Report.Finding(
                .schemaMismatch,
                "Clients cannot call tool \"\(name)\" over HTTP: \(faults.joined(separator: "; "))."
            )
        }
    }

    /// The number of items of each kind, in words.
    var counts: String {
        sections.map { "\($0.entries.count) \($0.kind.noun)\($0.entries.count == 1 ? "" : "s")" }.joined(
            separator: ", "
        )
    }

    /// The number of items of each kind, by the keys of the metadata.
    var totals: JSONObject {
        JSONObject(
            sections.flatMap { section in
                let key = "total_\(section.kind.key)"
                var members = [JSONObject.Member(key: key, value: JSONValue(section.entries.count))]
                if let hidden = hidden[section.kind] {
                    members.append(.init(key: "unmatched_\(section.kind.key)", value: JSONValue(hidden)))
                }
                return members
            }
        )
    }

    /// The difference of each list from the one before, if there is any.
    var differences: JSONObject {
        JSONObject(
            sections.compactMap { section in
                guard let difference = section.fetched.difference, !difference.isEmpty else { return nil }
                return .init(key: section.kind.key, value: difference.json)
            }
        )
    }

    /// The lists as members of a report.
    func members(_ detail: EntryList.Detail?) -> [Report.Member] {
        sections.map { section in
            let entries = section.entries.map { entry in
                EntryList.Entry(
                    full: entry,
                    signature: { section.kind.signature(of: entry) },
                    name: {
                        let identifier = section.kind.identifier
                        // An object, as in more detail, so that programs find the name in the same place.
                        // An entry begins with it, unless it was not an object.
                        return JSONText([identifier: entry.firstMember(identifier)?.value() ?? nil])
                    }
                )
            }
            return .init(
                key: section.kind.key,
                value: .entries(EntryList(entries: entries, detail: detail)),
                detail: .core
            )
        }
    }
}

extension TesterSession {
    func survey(
        _ kinds: [ListKind],
        _ operation: Operation,
        onList: (ListKind) -> Void = { _ in }
    ) async -> Survey {
        var sections: [Survey.Section] = []
        for kind in kinds {
            onList(kind)
            let fetched = await fetch(kind, operation)
            // Many servers have resources but no templates, and do not implement that list.
            let isNothing = kind == .resourceTemplates && fetched.isUnknownMethod
            let faults = kind == .tools ? operation.client.toolFaults : [:]
            sections.append(
                Survey.Section(
                    kind: kind,
                    fetched: isNothing ? Fetched() : fetched,
                    entries: fetched.listing.items.map { kind.entry($0, in: operation.client.revision, faults) },
                    toolFaults: faults
                )
            )
        }
        return Survey(sections: sections)
    }
}

extension JSONText {
    /// Whether the name, title or description of an entry contains a text in lower case.
    fileprivate func matches(_ filter: String, identifier: String) -> Bool {
        (members ?? []).contains { member in
            [identifier, "name", "title", "description"].contains(member.key)
                && member.text.string?.lowercased().contains(filter) ?? false
        }
    }
}

extension ListKind {
    /// The key of the items in reports.
    var key: String { self == .resourceTemplates ? "resource_templates" : rawValue }

    /// The name of one item.
    var noun: String {
        switch self {
        case .tools: "tool"
        case .resources: "resource"
        case .resourceTemplates: "resource template"
        case .prompts: "prompt"
        }
    }

    /// The page with the rules of such items.
    var page: SpecificationPage {
        switch self {
        case .tools: .tools
        case .resources, .resourceTemplates: .resources
        case .prompts: .prompts
        }
    }

    /// The member that identifies an item.
    var identifier: String {
        switch self {
        case .tools, .prompts: "name"
        case .resources: "uri"
        case .resourceTemplates: "uriTemplate"
        }
    }

    fileprivate func entry(_ item: JSONText, in revision: Revision, _ faults: [String: [String]]) -> JSONText {
        switch self {
        case .tools:
            // Few servers have such tools: usually no name needs to be parsed.
            TesterSession.entry(
                tool: item,
                in: revision,
                faults: faults.isEmpty ? [] : item["name"]?.string.flatMap { faults[$0] } ?? []
            )
        case .resources: TesterSession.entry(resource: item, in: revision)
        case .resourceTemplates: TesterSession.entry(template: item, in: revision)
        case .prompts: TesterSession.entry(prompt: item, in: revision)
        }
    }
}
