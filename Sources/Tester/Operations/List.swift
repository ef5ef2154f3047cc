import JSON
import JSONRPC
import MCP
public import MCPClient

extension TesterSession {
    /// Lists the tools of a target: every member as sent, the schemas under the names that users know.
    public func listTools(on name: String? = nil) async -> Report {
        await list([.tools], on: name)
    }

    /// Lists the prompts of a target.
    public func listPrompts(on name: String? = nil) async -> Report {
        await list([.prompts], on: name)
    }

    /// Lists the resources of a target and, under a key of their own, its resource templates.
    public func listResources(on name: String? = nil) async -> Report {
        await list([.resources, .resourceTemplates], on: name)
    }

    /// Lists several kinds of things in one answer: `tools`, `resources`, `resource_templates`, `prompts`.
    ///
    /// A kind that cannot be listed does not keep the others from being shown, nor a page that cannot be had those before
    /// it. That a target does not declare a kind is only worth a word where somebody asked for that kind in particular.
    public func list(_ kinds: [ListKind] = ListKind.allCases, on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: (kinds.first?.key ?? "tools", [])) { operation in
            // A long list takes long to read: other requests need not wait for it.
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                let survey = await survey(kinds, operation)
                let metadata = listMetadata(survey, operation)
                var failures = survey.failures(operation)
                var report: Report
                if failures.isEmpty {
                    report = operation.report("\(survey.counts) listed")
                    report.members = survey.members
                    report.add("metadata", .object(metadata))
                } else {
                    report = operation.report(failures.removeFirst(), payload: survey.members, metadata: metadata)
                    report.findings += failures.map { Report.Finding($0.failureClass, "\($0.message) \($0.nextStep)") }
                }
                report.findings += survey.uncallable
                report.addDifferences(of: survey)
                if kinds.count < ListKind.allCases.count { report.findings += survey.undeclared }
                return report
            }
        }
    }

    private func listMetadata(_ survey: Survey, _ operation: Operation) -> JSONObject {
        var metadata = JSONObject(survey.totals.members + operation.metadata.members)
        let info = operation.client.serverInfo
        metadata["retrieved_at"] = .string(clock.timestamp)
        metadata["server_name"] = info?.name.map(JSONValue.string) ?? nil
        metadata["server_version"] = info?.version.map(JSONValue.string) ?? nil
        return metadata
    }

    /// Fetches a list, unless the target did not declare that it has such things.
    func fetch(_ kind: ListKind, _ operation: Operation) async -> Fetched {
        guard operation.client.capabilities.json[kind.capability] != nil else { return Fetched(isDeclared: false) }
        let connection = operation.connection
        connection.inbox.markFetched(kind)
        let listing = await operation.client.list(kind)
        let (former, present) = (connection.formerSurface(kind), Surface(listing, of: kind))
        connection.keep(present, as: kind)
        var fetched = Fetched(listing: listing)
        if let former, former.listing.shortfall == nil, listing.shortfall == nil {
            fetched.difference = ListDifference(from: former, to: present)
        }
        return fetched
    }
}

extension Listing.Shortfall {
    /// What the author of the server can try.
    fileprivate var nextStep: String {
        switch self {
        case .timeout: "Raise the limit, or find out why the server takes so long."
        case .tooManyItems, .tooLarge: "Shorten the list or its items, and omit nextCursor on the last page."
        case .failed, .malformed, .repeatingCursor, .repeatingItems, .tooManyPages:
            "Return an array of items on each page, and omit nextCursor on the last one."
        }
    }
}

/// A list as it was fetched, or why it was not asked for.
struct Fetched {
    var listing = Listing()
    var isDeclared = true
    /// What is different since the list was fetched before, if it was.
    var difference: ListDifference?

    /// Tells that the target has no such method.
    var isUnknownMethod: Bool {
        if case .failed(let error)? = listing.shortfall, case .rejected(let refusal) = error.cause {
            return refusal.errorCode == .methodNotFound
        }
        return false
    }

    /// Why the list is not whole, if it is not.
    func failure(_ operation: Operation, _ method: String) -> Failure? {
        guard let shortfall = listing.shortfall else { return nil }
        let count = listing.items.count
        let shown = listing.pages.isEmpty ? "" : " The \(count) items of \(listing.pages.count) page(s) are shown."
        if case .failed(let error) = shortfall {
            var failure = operation.failure(error, during: method)
            failure.message += shown
            return failure
        }
        var isTimeout = false
        if case .timeout = shortfall { isTimeout = true }
        return Failure(
            isTimeout ? .timeout : .protocolError,
            isTimeout ? .timeout : .executionError,
            "\(method) is not whole: \(shortfall).\(shown)",
            nextStep: shortfall.nextStep,
            evidence: Evidence.collect(on: operation.client.link, since: operation.mark)
        )
    }
}
