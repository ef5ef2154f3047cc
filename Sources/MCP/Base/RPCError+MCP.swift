import JSON
public import JSONRPC

extension RPCError {
    /// The error code as an ``ErrorCode``.
    public var errorCode: ErrorCode { ErrorCode(rawValue: code) }

    /// The server does not support the revision of the request.
    public static func unsupportedProtocolVersion(requested: String, supported: [String]) -> RPCError {
        var data = UnsupportedVersionData(json: [:])
        data.supported = supported
        data.requested = requested
        return RPCError(.unsupportedProtocolVersion, "Unsupported protocol version: \(requested)", data.jsonValue)
    }

    /// The request needs a capability that the client did not declare.
    public static func missingRequiredClientCapability(_ required: ClientCapabilities) -> RPCError {
        var data = MissingCapabilityData(json: [:])
        data.requiredCapabilities = required
        let message = "The request needs a capability that the client did not declare: \(required.jsonValue)"
        return RPCError(.missingRequiredClientCapability, message, data.jsonValue)
    }

    /// The HTTP headers contradict the message.
    public static func headerMismatch(_ detail: String) -> RPCError {
        RPCError(.headerMismatch, "Header mismatch: \(detail)")
    }

    /// The resource does not exist.
    ///
    /// The code depends on the revision.
    public static func resourceNotFound(_ uri: String, in revision: Revision) -> RPCError {
        let hasOwnCode = revision.profile.meaning(of: .resourceNotFound) != nil
        let code = hasOwnCode ? ErrorCode.resourceNotFound : .invalidParams
        return RPCError(code, "Resource not found: \(uri)", ["uri": .string(uri)])
    }

    private init(_ code: ErrorCode, _ message: String, _ data: JSONValue? = nil) {
        self.init(code: code.rawValue, message: message, data: data)
    }
}
