import JSON
import JSONRPC
import MCP
import MCPClient

extension Operation {
    /// How long listing again may take: an answer that is there already waits for it.
    private static let limit = CallLimits(request: .seconds(5), idle: .seconds(5))

    /// Tells in an answer which lists and resources have changed without an answer having told so yet.
    ///
    /// What was listed before is listed again, for how it differs is what the reader wants to know; what was never listed
    /// is not asked for. After a failure that leaves the target silent or gone nothing more is asked of it, and an answer
    /// to who has called off is read by nobody: then the next answer tells.
    func addChanges(in report: inout Report) async {
        guard report.leavesTargetWell else { return }
        let lists = connection.inbox.takeChanges().sorted { $0.key < $1.key }
        let resources = connection.inbox.takeUpdates()
        guard !lists.isEmpty || !resources.isEmpty else { return }
        var members: [Report.Member] = []
        var said: [String] = []
        if !lists.isEmpty {
            members.append(.init(key: "lists_changed", value: .value(.array(lists.map { .string($0.key) }))))
            var differences: [JSONObject.Member] = []
            for kind in lists {
                var words = "the list of \(kind.key)"
                switch await listAgain(kind) {
                case .unknown: break
                case .unlisted(let shortfall): words += " (it could not be listed again: \(shortfall))"
                case .difference(let difference):
                    differences.append(.init(key: kind.key, value: difference.json))
                    words += " (listed again: \(difference))"
                }
                said.append(words)
            }
            if !differences.isEmpty { members.append(.differences(JSONObject(differences))) }
        }
        if !resources.isEmpty {
            members.append(.init(key: "resources_updated", value: .value(.array(resources.map(JSONValue.string)))))
            said.append("\(resources.count) resource\(resources.count == 1 ? "" : "s")")
        }
        report.summary += "; changed meanwhile: \(said.joined(separator: "; "))"
        let place = report.members.firstIndex { $0.key == "metadata" } ?? report.members.endIndex
        report.members.insert(contentsOf: members, at: place)
    }

    private enum Second {
        /// It was not listed before, or cannot be listed now: nothing is to be compared.
        case unknown
        case unlisted(Listing.Shortfall)
        case difference(ListDifference)
    }

    private func listAgain(_ kind: ListKind) async -> Second {
        guard let former = connection.formerSurface(kind), former.listing.shortfall == nil, client.link.end == nil
        else {
            return .unknown
        }
        // A long list takes long to read: other requests need not wait for it.
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            connection.inbox.markFetched(kind)
            let listing = await client.list(kind, limits: Self.limit)
            if let shortfall = listing.shortfall {
                connection.inbox.markOutdated(kind)
                return .unlisted(shortfall)
            }
            let present = Surface(listing, of: kind)
            connection.keep(present, as: kind)
            return .difference(ListDifference(from: former, to: present))
        }
    }
}

extension Report {
    /// Whether the target can be asked something more after this.
    fileprivate var leavesTargetWell: Bool {
        switch failure?.failureClass {
        case nil, .toolError, .protocolError, .schemaMismatch, .usage, .needsInput: true
        default: false
        }
    }
}
