import JSON
import JSONRPC
import MCP
import MCPClient

extension TesterSession {
    /// Lists the tools of a target: every member as sent, the schemas under the names that users know.
    public func listTools(on name: String? = nil) async -> Answer {
        await list(.tools, on: name, key: "tools", total: "total_tools") { Self.entry(tool: $0, in: $1) }
    }

    /// Lists the prompts of a target.
    public func listPrompts(on name: String? = nil) async -> Answer {
        await list(.prompts, on: name, key: "prompts", total: "total_prompts") { Self.entry(prompt: $0, in: $1) }
    }

    /// Lists the resources of a target and, under a key of their own, its resource templates.
    public func listResources(on name: String? = nil) async -> Answer {
        await ask(on: name, emptyPayload: ("resources", [])) { question in
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                let revision = question.client.revision
                let resources = await fetch(.resources, question)
                if let failure = resources.failure(question, "resources/list") {
                    return question.answer(failure, emptyPayload: ("resources", []))
                }
                let templates = await fetch(.resourceTemplates, question)
                let (first, second) = (resources.listing.items, templates.listing.items)
                var answer = question.answer("\(first.count) resource(s) and \(second.count) template(s) listed")
                let entries = first.map { Self.entry(resource: $0, in: revision) }
                answer.add("resources", .list(entries.map(Answer.Part.payload)))
                let templateEntries = second.map { Self.entry(template: $0, in: revision) }
                answer.add("resource_templates", .list(templateEntries.map(Answer.Part.payload)))
                answer.note(resources, question, "resources/list")
                // Many servers have resources and no templates: that they refuse to list them is no failure of the list.
                if !templates.isUnknownMethod { answer.note(templates, question, "resources/templates/list") }
                answer.add("metadata", .object(listMetadata(question, "total_resources", first.count)))
                return answer
            }
        }
    }

    // MARK: - Any list

    private func list(
        _ kind: ListKind,
        on name: String?,
        key: String,
        total: String,
        entry: @escaping @Sendable (JSONText, Revision) -> JSONText
    ) async -> Answer {
        await ask(on: name, emptyPayload: (key, [])) { question in
            // A long list takes long to read: other requests need not wait for it.
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                let fetched = await fetch(kind, question)
                if let failure = fetched.failure(question, kind.method.rawValue) {
                    return question.answer(failure, emptyPayload: (key, []))
                }
                let items = fetched.listing.items
                var answer = question.answer("\(items.count) \(kind.rawValue) listed")
                answer.add(key, .list(items.map { .payload(entry($0, question.client.revision)) }))
                answer.note(fetched, question, kind.method.rawValue)
                answer.add("metadata", .object(listMetadata(question, total, items.count)))
                return answer
            }
        }
    }

    /// Fetches a list, unless the target did not declare that it has such things.
    func fetch(_ kind: ListKind, _ question: Question) async -> Fetched {
        guard question.client.capabilities.json[kind.capability] != nil else { return Fetched(isDeclared: false) }
        let listing = await question.client.list(kind)
        question.connection.keep(Surface(listing, of: kind), as: kind)
        return Fetched(listing: listing)
    }

    private func listMetadata(_ question: Question, _ total: String, _ count: Int) -> JSONObject {
        var metadata: JSONObject = [total: JSONValue(count)]
        let info = question.client.serverInfo
        for member in question.metadata.members { metadata.append(member.key, member.value) }
        metadata["retrieved_at"] = .string(clock.timestamp)
        metadata["server_name"] = info?.name.map(JSONValue.string) ?? nil
        metadata["server_version"] = info?.version.map(JSONValue.string) ?? nil
        return metadata
    }
}

/// A list as it was fetched, or why it was not asked for.
struct Fetched {
    var listing = Listing()
    var isDeclared = true

    /// Tells that the target has no such method.
    var isUnknownMethod: Bool {
        if case .failed(let error)? = listing.shortfall, case .rejected(let refusal) = error.cause {
            return refusal.errorCode == .methodNotFound
        }
        return false
    }

    /// The failure that leaves nothing to show.
    func failure(_ question: Question, _ method: String) -> Failure? {
        guard case .failed(let error)? = listing.shortfall, listing.pages.isEmpty else { return nil }
        return question.failure(error, asking: method)
    }
}

extension Answer {
    /// Adds what is wrong with a list although part of it can be shown.
    mutating func note(_ fetched: Fetched, _ question: Question, _ method: String) {
        if !fetched.isDeclared {
            findings.append(
                Finding(
                    .protocolError,
                    "The server does not declare the capability for \(method), so it was not asked. If it has such things, "
                        + "declare the capability."
                )
            )
            return
        }
        guard let shortfall = fetched.listing.shortfall else { return }
        let pages = fetched.listing.pages.count
        outcome = .fail
        summary += "; the list is not whole: \(shortfall)"
        findings.append(
            Finding(
                .protocolError,
                "\(method): \(shortfall). The \(fetched.listing.items.count) items of \(pages) page(s) before are shown.",
                evidence: Evidence.collect(on: question.client.link, since: question.mark)
            )
        )
    }
}
