import JSON
import JSONRPC
import MCP

extension RPCError {
    /// Converts an error that a handler threw to the error of a revision.
    init(_ error: any Error, from method: String, in revision: Revision) {
        switch error {
        case let error as RPCError: self = error
        case let error as ResourceNotFound: self = .resourceNotFound(error.uri, in: revision)
        case let error as MissingClientCapability: self = .missing(error.required, in: revision)
        // Other errors may contain paths or secrets, so the client learns the method only.
        default: self = .internalError("\(method) failed unexpectedly")
        }
    }

    /// Older revisions have no code for missing capabilities.
    private static func missing(_ required: ClientCapabilities, in revision: Revision) -> RPCError {
        var error = RPCError.missingRequiredClientCapability(required)
        if revision.profile.meaning(of: .missingRequiredClientCapability) == nil {
            error.code = ErrorCode.invalidRequest.rawValue
        }
        return error
    }
}
