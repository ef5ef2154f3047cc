import JSON
import MCP

/// What a server has listed in one revision.
struct Catalog {
    /// The lists, by the member that holds the entries.
    enum Kind: String, CaseIterable {
        case tools
        case resources
        case resourceTemplates
        case prompts

        var method: String {
            switch self {
            case .tools: "tools/list"
            case .resources: "resources/list"
            case .resourceTemplates: "resources/templates/list"
            case .prompts: "prompts/list"
            }
        }

        var capability: String { self == .resourceTemplates ? "resources" : rawValue }

        /// The member that identifies an entry.
        var key: String {
            switch self {
            case .tools, .prompts: "name"
            case .resources: "uri"
            case .resourceTemplates: "uriTemplate"
            }
        }
    }

    /// The pages of each list.
    var pages: [Kind: [Exchange]] = [:]
    /// Why a list has not been followed to its end.
    var shortfalls: [Kind: String] = [:]

    private static let pageLimit = 50

    init() {}

    /// Lists everything that the server declares.
    init(of session: Session) async {
        for kind in Kind.allCases where session.serverCapabilities[kind.capability] != nil {
            await list(kind, session)
        }
    }

    private mutating func list(_ kind: Kind, _ session: Session) async {
        var cursor: JSONValue?
        var known: Set<JSONValue> = []
        repeat {
            let exchange = await session.request(kind.method, cursor.map { ["cursor": $0] } ?? [:])
            pages[kind, default: []].append(exchange)
            guard let result = exchange.result else { return }
            cursor = result["nextCursor"]
            if let cursor, !known.insert(cursor).inserted {
                shortfalls[kind] = "the cursor \(cursor) came twice"
                return
            }
            if pages[kind, default: []].count >= Self.pageLimit, cursor != nil {
                shortfalls[kind] = "the list did not end within \(Self.pageLimit) pages"
                return
            }
        } while cursor?.string != nil
    }

    /// The entries of a list, in order.
    func items(_ kind: Kind) -> [JSONValue] {
        (pages[kind] ?? []).flatMap { $0.result?[kind.rawValue]?.array ?? [] }
    }

    var tools: [JSONValue] { items(.tools) }
    var resources: [JSONValue] { items(.resources) }
    var templates: [JSONValue] { items(.resourceTemplates) }
    var prompts: [JSONValue] { items(.prompts) }

    /// The page on which an entry is.
    func page(of item: JSONValue, _ kind: Kind) -> [Exchange] {
        (pages[kind] ?? []).filter { $0.result?[kind.rawValue]?.array?.contains(item) ?? false }
    }
}
