import JSON
import JSONRPC
import MCP

extension RPCError {
    /// What a client of a revision is told of an error that a handler threw.
    init(_ error: any Error, from method: String, in revision: Revision) {
        switch error {
        case let error as RPCError: self = error
        case let error as ResourceNotFound: self = .resourceNotFound(error.uri, in: revision)
        case let error as MissingClientCapability: self = .missing(error.required, in: revision)
        // What an error says may hold paths or secrets; the client learns only whose handler it was.
        default: self = .internalError("\(method) failed unexpectedly")
        }
    }

    /// The client lacks a capability; older revisions have no code of their own for that.
    private static func missing(_ required: ClientCapabilities, in revision: Revision) -> RPCError {
        var error = RPCError.missingRequiredClientCapability(required)
        if revision.profile.meaning(of: .missingRequiredClientCapability) == nil {
            error.code = ErrorCode.invalidRequest.rawValue
        }
        return error
    }
}
