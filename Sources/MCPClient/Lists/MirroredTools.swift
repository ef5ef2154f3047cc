import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// The arguments that the schemas of listed tools require in the header fields of calls.
///
/// A tool that was never listed has none.
/// Source: 2026-07-28, "Streamable HTTP", "Custom headers from tool parameters".
final class MirroredTools: Sendable {
    private let areNeeded: Bool
    private let known = Mutex<[String: MirroredArguments]>([:])

    /// Creates an empty memory, which stays empty unless header fields are needed.
    init(areNeeded: Bool) {
        self.areNeeded = areNeeded
    }

    /// Remembers the tools of a page that require header fields.
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

    /// The header fields of a call.
    func mirrored(by tool: String?, _ arguments: JSONText?) -> [(field: String, value: String)] {
        guard areNeeded, let tool, let mirrored = known.withLock({ $0[tool] })?.arguments, !mirrored.isEmpty,
            let object = arguments?.value().object
        else { return [] }
        return mirrored.compactMap { argument in argument.text(in: object).map { (argument.field, $0) } }
    }

    /// Why a tool cannot be called; nil if it can.
    func refusal(of tool: String?) -> String? {
        guard areNeeded, let tool, let faults = known.withLock({ $0[tool] })?.faults, !faults.isEmpty else {
            return nil
        }
        return "the tool \(JSONValue.string(tool)) was not called, because its definition is invalid over HTTP: "
            + faults.joined(separator: "; ") + ". Repair its inputSchema, or force the call"
    }

    /// The tools that cannot be called, with the reasons.
    var faults: [String: [String]] {
        guard areNeeded else { return [:] }
        return known.withLock { $0.compactMapValues { $0.faults.isEmpty ? nil : $0.faults } }
    }
}

extension Client {
    /// The listed tools whose schemas require impossible headers, by name, with the reasons.
    ///
    /// Such a tool cannot be called over HTTP unless the call is forced. Source: 2026-07-28, "Tools", `x-mcp-header`.
    public var toolFaults: [String: [String]] { tools.faults }

    /// Lists the tools again if a call was refused because its headers and its body disagree.
    ///
    /// The known schema may be outdated. Source: 2026-07-28, "Streamable HTTP".
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
