/// The number that identifies the kind of a JSON-RPC error.
///
/// ``RevisionProfile/meaning(of:)`` describes a code in a revision.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int

    /// Creates a code, known or unknown.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Creates a code.
    public init(integerLiteral value: Int) {
        self.init(rawValue: value)
    }

    /// The message is not valid JSON.
    public static let parseError: ErrorCode = -32700
    /// The JSON is not a valid request.
    public static let invalidRequest: ErrorCode = -32600
    /// The peer does not have the method, or did not declare the capability for it.
    public static let methodNotFound: ErrorCode = -32601
    /// The parameters are not valid for the method.
    public static let invalidParams: ErrorCode = -32602
    /// An internal error of the peer.
    public static let internalError: ErrorCode = -32603
    /// The resource does not exist; before 2026-07-28.
    public static let resourceNotFound: ErrorCode = -32002
    /// The user must open a URL before the request can be served; 2025-11-25 only.
    public static let urlElicitationRequired: ErrorCode = -32042
    /// The HTTP headers contradict the body; since 2026-07-28.
    public static let headerMismatch: ErrorCode = -32020
    /// The request needs a capability that the client did not declare; since 2026-07-28.
    public static let missingRequiredClientCapability: ErrorCode = -32021
    /// The server does not support the revision of the request; since 2026-07-28.
    public static let unsupportedProtocolVersion: ErrorCode = -32022
    /// The user rejected a sampling request; an example code of the legacy revisions.
    public static let userRejected: ErrorCode = -1

    /// The names of the known codes.
    public static let names: [ErrorCode: String] = [
        .parseError: "ParseError",
        .invalidRequest: "InvalidRequest",
        .methodNotFound: "MethodNotFound",
        .invalidParams: "InvalidParams",
        .internalError: "InternalError",
        .resourceNotFound: "ResourceNotFound",
        .urlElicitationRequired: "URLElicitationRequired",
        .headerMismatch: "HeaderMismatch",
        .missingRequiredClientCapability: "MissingRequiredClientCapability",
        .unsupportedProtocolVersion: "UnsupportedProtocolVersion",
        .userRejected: "UserRejected",
    ]

    /// The name of a known code.
    public var name: String? { Self.names[self] }

    /// The number, followed by the name of a known code.
    public var description: String {
        name.map { "\(rawValue) \($0)" } ?? String(rawValue)
    }
}
