import MCP
import NIOHTTP1

extension HTTPResponseStatus {
    /// The status of an answer of the modern era, by the code of its error if it is one.
    ///
    /// What the specification leaves open is done as the reference implementation does it: 400 for what was wrong with the
    /// request, 200 for what went wrong while it was carried out.
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
