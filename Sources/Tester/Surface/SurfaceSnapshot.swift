import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient

/// What a server offers at a point in time: how it introduces itself, and its lists as far as they are known.
struct SurfaceSnapshot {
    let revision: Revision
    let greeting: JSONText
    /// The complete lists; an undeclared kind has an empty one.
    var lists: [ListKind: Surface] = [:]
    /// The skills by URI, as listed with their digests; nil if they are not known.
    var skills: [String: JSONValue]?
    /// Why a list is not known.
    var missing: [ListKind: String] = [:]

    init(revision: Revision, greeting: JSONText) {
        self.revision = revision
        self.greeting = greeting
    }

    func member(_ name: StaticString) -> JSONValue? { greeting[name]?.value() }
}

extension TesterSession {
    /// The limit of listing a server that is about to be stopped: it may not respond any more.
    private static let limit = CallLimits(request: .seconds(3), idle: .seconds(3))

    /// What a connection offers: lists that were fetched before and have not changed are not fetched again.
    ///
    /// - Parameter mayAsk: Whether unknown lists are fetched.
    func snapshot(of connection: Connection, mayAsk: Bool) async -> SurfaceSnapshot {
        var snapshot = SurfaceSnapshot(revision: connection.client.revision, greeting: connection.client.greeting)
        var mayAsk = mayAsk && connection.client.link.end == nil && connection.silence == nil
        for kind in ListKind.allCases {
            guard connection.client.capabilities.json[kind.capability] != nil else {
                snapshot.lists[kind] = Surface(Listing(), of: kind)
                continue
            }
            if let known = connection.surface(kind), known.listing.shortfall == nil {
                snapshot.lists[kind] = known
                continue
            }
            guard mayAsk else {
                snapshot.missing[kind] =
                    connection.silence == nil ? "it was not listed before" : "the server did not respond"
                continue
            }
            let fetched = await fetch(kind, Operation(connection), limits: Self.limit)
            if kind == .resourceTemplates, fetched.isUnknownMethod {
                snapshot.lists[kind] = Surface(Listing(), of: kind)
            } else if let shortfall = fetched.listing.shortfall {
                snapshot.missing[kind] = shortfall.description
                if case .failed(let error) = shortfall, case .failed(.timeout) = error.cause { mayAsk = false }
            } else {
                snapshot.lists[kind] = connection.formerSurface(kind)
            }
        }
        return snapshot
    }
}
