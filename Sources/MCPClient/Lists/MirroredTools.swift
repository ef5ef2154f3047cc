import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// What the schemas of listed tools ask to be repeated in the heads of calls.
///
/// Source: 2026-07-28, "Streamable HTTP", "Custom headers from tool parameters". A tool that was never listed has none.
final class MirroredTools: Sendable {
    private let areNeeded: Bool
    private let known = Mutex<[String: MirroredArguments]>([:])

    /// Creates an empty memory; where heads are not needed it stays empty.
    init(areNeeded: Bool) {
        self.areNeeded = areNeeded
    }

    /// Learns the tools of a page; most ask for nothing and are not kept.
    func learn(_ tools: [JSONText]) {
        guard areNeeded else { return }
        let read = tools.compactMap { tool in
            tool["name"]?.string.map { ($0, MirroredArguments(inputSchema: tool["inputSchema"]?.value().object)) }
        }
        known.withLock { known in
            for (name, mirrored) in read {
                known[name] = mirrored.arguments.isEmpty && mirrored.faults.isEmpty ? nil : mirrored
            }
        }
    }

    /// What of a call's arguments is repeated.
    func mirrored(by tool: String?, _ arguments: JSONText?) -> [(field: String, value: String)] {
        guard areNeeded, let tool, let mirrored = known.withLock({ $0[tool] })?.arguments, !mirrored.isEmpty,
            let object = arguments?.value().object
        else { return [] }
        return mirrored.compactMap { argument in argument.text(in: object).map { (argument.field, $0) } }
    }

    /// Why a tool may not be called, if it may not.
    func refusal(of tool: String?) -> String? {
        guard areNeeded, let tool, let faults = known.withLock({ $0[tool] })?.faults, !faults.isEmpty else {
            return nil
        }
        return "the tool \(JSONValue.string(tool)) was not called: its definition is invalid over HTTP, for "
            + faults.joined(separator: "; ") + ". Repair its inputSchema, or force the call"
    }

    /// The tools that may not be called, with the reasons.
    var faults: [String: [String]] {
        guard areNeeded else { return [:] }
        return known.withLock { $0.compactMapValues { $0.faults.isEmpty ? nil : $0.faults } }
    }
}

extension Client {
    /// The listed tools whose schemas ask for headers that cannot be, by name, with the reasons.
    ///
    /// Such a tool is not callable over HTTP unless the call is forced. Source: 2026-07-28, "Tools", `x-mcp-header`.
    public var toolFaults: [String: [String]] { tools.faults }

    /// Lists the tools again where a call was refused because its head and its body disagree.
    ///
    /// Source: 2026-07-28, "Streamable HTTP": the schema that we know may be an old one.
    ///
    /// - Returns: Whether the call is worth another try.
    func relistTools(after error: CallError, calling method: Method) async -> Bool {
        guard method == .toolsCall, revision.has(.routingHeaders), link.transport.kind == .streamableHTTP,
            case .rejected(let refusal) = error.cause, refusal.errorCode == .headerMismatch
        else { return false }
        link.note(.toolsRelisted)
        return await list(.tools).shortfall == nil
    }
}
