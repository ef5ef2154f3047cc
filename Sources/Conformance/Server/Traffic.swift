import JSON
import MCP

/// Everything that checks of one revision have sent and received.
final class Traffic {
    /// One exchange and the session it belongs to.
    struct Entry {
        let exchange: Exchange
        /// The capabilities that the client had declared.
        let capabilities: JSONObject
    }

    /// Exchanges of sessions in other revisions are not kept: their rules are others.
    private let revision: Revision

    init(_ revision: Revision) {
        self.revision = revision
    }

    private(set) var entries: [Entry] = []

    /// The number of exchanges that are kept.
    private static let limit = 5000

    func add(_ exchange: Exchange, _ session: Session) {
        guard entries.count < Self.limit, session.revision == revision else { return }
        entries.append(Entry(exchange: exchange, capabilities: session.capabilities))
    }

    var exchanges: [Exchange] { entries.map(\.exchange) }

    /// The notifications of a method, each with the exchange in which it came.
    func notes(_ method: JSONValue) -> [(note: JSONValue, exchange: Exchange)] {
        exchanges.flatMap { exchange in
            exchange.notifications.filter { $0["method"] == method }.map { ($0, exchange) }
        }
    }
}
