import MCP
import NIOHTTP1

extension HTTPResponseStatus {
    /// The status of a response of the stateless era, by its error code, or nil for a result.
    ///
    /// Where the specification leaves it open, this follows the reference implementation: 400 for a faulty request, 200 for one
    /// that failed while it was carried out.
    /// Source: 2026-07-28, "Streamable HTTP", "Receiving messages" and "Server validation".
    static func modern(_ code: Int?) -> HTTPResponseStatus {
        switch code.map(ErrorCode.init(rawValue:)) {
        case .methodNotFound: .notFound
        case .parseError, .invalidRequest, .invalidParams, .headerMismatch, .missingRequiredClientCapability,
            .unsupportedProtocolVersion:
            .badRequest
        default: .ok
        }
    }
}
