import JSON
import JSONSchema
import MCP
import MCPClient
import Synchronization

/// What a target listed, kept as received and looked into when it is needed.
final class Surface: Sendable {
    let listing: Listing
    private let key: StaticString
    private let state = Mutex(State())

    private struct State {
        var index: [String: JSONText]?
        var schemas: [String: Result<JSONSchema, JSONSchemaError>] = [:]
    }

    init(_ listing: Listing, of kind: ListKind) {
        self.listing = listing
        key =
            switch kind {
            case .tools, .prompts: "name"
            case .resources: "uri"
            case .resourceTemplates: "uriTemplate"
            }
    }

    /// The names of all items, in order.
    var names: [String] {
        listing.items.compactMap { $0[key]?.string }
    }

    /// The item of that name, as received.
    func item(_ name: String) -> JSONText? {
        state.withLock { state in
            if let index = state.index { return index[name] }
            let pairs = listing.items.compactMap { item in item[key]?.string.map { ($0, item) } }
            let index = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            state.index = index
            return index[name]
        }
    }

    /// A schema of an item, compiled once; nothing if the item has none.
    func schema(_ member: SchemaMember, of name: String, in revision: Revision) -> Result<JSONSchema, JSONSchemaError>?
    {
        guard let item = item(name), let value = item.value()[member.rawValue], !value.isNull else { return nil }
        let slot = "\(member.rawValue) \(name)"
        if let known = state.withLock({ $0.schemas[slot] }) { return known }
        let schema = Result { () throws(JSONSchemaError) in try JSONSchema(value) }
        state.withLock { $0.schemas[slot] = schema }
        return schema
    }

    /// The schemas that a tool has.
    enum SchemaMember: String {
        case input = "inputSchema"
        case output = "outputSchema"
    }
}
