import JSON
public import JSONRPC

extension RPCError {
    /// The code as one of the protocol's.
    public var errorCode: ErrorCode { ErrorCode(rawValue: code) }

    /// The server does not speak the revision that a request is written in.
    public static func unsupportedProtocolVersion(requested: String, supported: [String]) -> RPCError {
        var data = UnsupportedVersionData(json: [:])
        data.supported = supported
        data.requested = requested
        return RPCError(.unsupportedProtocolVersion, "Unsupported protocol version: \(requested)", data.jsonValue)
    }

    /// The request cannot be served to a client that lacks a capability.
    public static func missingRequiredClientCapability(_ required: ClientCapabilities) -> RPCError {
        var data = MissingCapabilityData(json: [:])
        data.requiredCapabilities = required
        let message = "This request needs a capability that the client did not declare: \(required.jsonValue)"
        return RPCError(.missingRequiredClientCapability, message, data.jsonValue)
    }

    /// The HTTP headers contradict the message.
    public static func headerMismatch(_ detail: String) -> RPCError {
        RPCError(.headerMismatch, "Header mismatch: \(detail)")
    }

    /// The user must first do something at a URL; 2025-11-25 only.
    public static func urlElicitationRequired(_ elicitations: [ElicitParams]) -> RPCError {
        var data = URLElicitationRequiredData(json: [:])
        data.elicitations = elicitations
        return RPCError(.urlElicitationRequired, "This request needs the user to open a URL first", data.jsonValue)
    }

    /// There is no such resource, with the code that the revision has for it.
    public static func resourceNotFound(_ uri: String, in revision: Revision) -> RPCError {
        let hasOwnCode = revision.profile.meaning(of: .resourceNotFound) != nil
        let code = hasOwnCode ? ErrorCode.resourceNotFound : .invalidParams
        return RPCError(code, "Resource not found: \(uri)", ["uri": .string(uri)])
    }

    private init(_ code: ErrorCode, _ message: String, _ data: JSONValue? = nil) {
        self.init(code: code.rawValue, message: message, data: data)
    }
}
