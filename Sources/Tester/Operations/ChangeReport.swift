import JSON
import JSONRPC
import MCP
import MCPClient

extension Operation {
    /// The limit of listing again, while a finished report waits.
    private static let limit = CallLimits(request: .seconds(5), idle: .seconds(5))

    /// Adds the lists and resources that have changed to a report.
    ///
    /// A list that was fetched before is fetched again to show the difference. After a timeout, a crash or a cancellation
    /// nothing is added: the next report has it.
    func addChanges(in report: inout Report) async {
        guard report.leavesTargetWell else { return }
        let lists = connection.inbox.takeChanges().sorted { $0.key < $1.key }
        let resources = connection.inbox.takeUpdates()
        guard !lists.isEmpty || !resources.isEmpty else { return }
        var members: [Report.Member] = []
        var phrases: [String] = []
        if !lists.isEmpty {
            members.append(.init(key: "lists_changed", value: .value(.array(lists.map { .string($0.key) }))))
            var differences: [JSONObject.Member] = []
            for kind in lists {
                var words = "the list of \(kind.key)"
                let listing: SecondListing
                if let known = connection.takeSecondListing(kind) {
                    listing = known
                } else {
                    listing = await listAgain(kind)
                }
                switch listing {
                case .unknown: break
                case .unlisted(let shortfall): words += " (could not be listed again: \(shortfall))"
                case .difference(let difference):
                    differences.append(.init(key: kind.key, value: difference.json))
                    words += " (listed again: \(difference))"
                }
                phrases.append(words)
            }
            if !differences.isEmpty { members.append(.differences(JSONObject(differences))) }
        }
        if !resources.isEmpty {
            members.append(.init(key: "resources_updated", value: .value(.array(resources.map(JSONValue.string)))))
            phrases.append("\(resources.count) resource\(resources.count == 1 ? "" : "s")")
        }
        report.addToSummary("changed: \(phrases.joined(separator: "; "))")
        let place = report.members.firstIndex { $0.key == "metadata" } ?? report.members.endIndex
        report.members.insert(contentsOf: members, at: place)
    }

    /// Lists the tools again if the server says that they have changed, so that a call is checked against what is there.
    ///
    /// The difference is reported as if it had been fetched after the call.
    func relistTools() async {
        guard connection.inbox.hasChanged(.tools), connection.formerSurface(.tools) != nil else { return }
        connection.keep(await listAgain(.tools), of: .tools)
        connection.inbox.markUnreported(.tools)
    }

    private func listAgain(_ kind: ListKind) async -> SecondListing {
        guard let former = connection.formerSurface(kind), former.listing.shortfall == nil, client.link.end == nil
        else {
            return .unknown
        }
        // Reading a long list takes time; it must not delay other requests.
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

/// The outcome of listing again.
enum SecondListing {
    /// It was not listed before, or cannot be listed now.
    case unknown
    case unlisted(Listing.Shortfall)
    case difference(ListDifference)
}

extension Report {
    /// Whether the target can take another request after this.
    fileprivate var leavesTargetWell: Bool {
        switch failure?.failureClass {
        case nil, .toolError, .protocolError, .schemaMismatch, .usage, .needsInput: true
        default: false
        }
    }
}
