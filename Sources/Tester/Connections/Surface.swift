package import JSON
import JSONSchema
import MCP
import MCPClient
import Synchronization

/// A list of a target as received, indexed and compiled when needed.
package final class Surface: Sendable {
    let listing: Listing
    private let key: StaticString
    private let state = Mutex(State())

    private struct State {
        var index: [String: JSONText]?
        var schemas: [String: ToolSchemas] = [:]
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

    /// The item with a name, as received.
    package func item(_ name: String) -> JSONText? {
        state.withLock { state in
            if let index = state.index { return index[name] }
            let pairs = listing.items.compactMap { item in item[key]?.string.map { ($0, item) } }
            let index = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            state.index = index
            return index[name]
        }
    }

    /// The schemas of a tool, compiled on first use; nil if there is no such tool.
    func schemas(of name: String) -> ToolSchemas? {
        if let known = state.withLock({ $0.schemas[name] }) { return known }
        guard let item = item(name) else { return nil }
        let schemas = ToolSchemas(item)
        state.withLock { $0.schemas[name] = schemas }
        return schemas
    }

    /// What a tool's definition says about its arguments and its structured content.
    struct ToolSchemas {
        /// Nil if the definition has none.
        let input: Result<JSONSchema, JSONSchemaError>?
        let output: Result<JSONSchema, JSONSchemaError>?

        fileprivate init(_ tool: JSONText) {
            input = Self.compile(tool["inputSchema"])
            output = Self.compile(tool["outputSchema"])
        }

        private static func compile(_ schema: JSONText?) -> Result<JSONSchema, JSONSchemaError>? {
            guard let schema, schema.kind != .null else { return nil }
            return Result { () throws(JSONSchemaError) in try JSONSchema(schema.value()) }
        }

        subscript(member: SchemaMember) -> Result<JSONSchema, JSONSchemaError>? {
            switch member {
            case .input: input
            case .output: output
            }
        }
    }

    /// The schemas that a tool has.
    enum SchemaMember: String {
        case input = "inputSchema"
        case output = "outputSchema"
    }
}
