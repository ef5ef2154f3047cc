import JSON
import JSONRPC
import MCP
public import MCPClient

extension TesterSession {
    /// Lists the tools of a target: every member as sent, schemas under the keys of the first mcp-test-mcp.
    public func listTools(on name: String? = nil, _ options: ListOptions = ListOptions()) async -> Report {
        await list([.tools], on: name, options)
    }

    /// Lists the prompts of a target.
    public func listPrompts(on name: String? = nil, _ options: ListOptions = ListOptions()) async -> Report {
        await list([.prompts], on: name, options)
    }

    /// Lists the resources of a target and, under their own key, its resource templates.
    public func listResources(on name: String? = nil, _ options: ListOptions = ListOptions()) async -> Report {
        await list([.resources, .resourceTemplates], on: name, options)
    }

    /// Lists the resource templates of a target.
    public func listResourceTemplates(on name: String? = nil) async -> Report {
        await list([.resourceTemplates], on: name)
    }

    /// Lists several kinds in one report: `tools`, `resources`, `resource_templates`, `prompts`.
    ///
    /// If a kind or a page fails, the others are still shown. An undeclared kind is a finding only if not all kinds are
    /// requested.
    public func list(
        _ kinds: [ListKind] = ListKind.allCases,
        on name: String? = nil,
        _ options: ListOptions = ListOptions()
    ) async -> Report {
        await perform(on: name, emptyPayload: (kinds.first?.key ?? "tools", [])) { operation in
            // Reading a long list takes time; it must not delay other requests.
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                let survey = await survey(kinds, operation).filtered(options)
                let metadata = listMetadata(survey, operation)
                var failures = survey.failures(operation)
                var report: Report
                if failures.isEmpty {
                    report = operation.report(
                        survey.counts + (options.filter.map { " matching \"\($0)\"" } ?? " listed")
                    )
                    report.members = survey.members(options.detail)
                    report.add("metadata", .object(metadata))
                } else {
                    report = operation.report(
                        failures.removeFirst(),
                        payload: survey.members(options.detail),
                        metadata: metadata
                    )
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

    /// Fetches a list, unless the target does not declare the kind.
    func fetch(_ kind: ListKind, _ operation: Operation, limits: CallLimits? = nil) async -> Fetched {
        guard operation.client.capabilities.json[kind.capability] != nil else { return Fetched(isDeclared: false) }
        let connection = operation.connection
        connection.inbox.markFetched(kind)
        let listing = await operation.client.list(kind, limits: limits)
        let (former, present) = (connection.formerSurface(kind), Surface(listing, of: kind))
        connection.keep(present, as: kind)
        var fetched = Fetched(listing: listing)
        if let former, former.listing.shortfall == nil, listing.shortfall == nil {
            fetched.difference = ListDifference(from: former, to: present)
        }
        return fetched
    }
}
