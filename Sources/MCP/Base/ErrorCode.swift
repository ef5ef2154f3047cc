/// The number that says what kind of error a peer answered with.
///
/// What a code means in a revision stands in ``RevisionProfile/meaning(of:)``.
public struct ErrorCode: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: Int

    /// Creates a code, known or not.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Creates a code.
    public init(integerLiteral value: Int) {
        self.init(rawValue: value)
    }

    /// The bytes were no JSON.
    public static let parseError: ErrorCode = -32700
    /// The JSON was no request.
    public static let invalidRequest: ErrorCode = -32600
    /// The peer has no such method, or did not declare the capability for it.
    public static let methodNotFound: ErrorCode = -32601
    /// The parameters do not fit the method.
    public static let invalidParams: ErrorCode = -32602
    /// Something went wrong inside the peer.
    public static let internalError: ErrorCode = -32603
    /// There is no such resource; before 2026-07-28.
    public static let resourceNotFound: ErrorCode = -32002
    /// The user must first do something at a URL; 2025-11-25 only.
    public static let urlElicitationRequired: ErrorCode = -32042
    /// HTTP headers and body contradict each other; since 2026-07-28.
    public static let headerMismatch: ErrorCode = -32020
    /// The request needs something that the client did not declare; since 2026-07-28.
    public static let missingRequiredClientCapability: ErrorCode = -32021
    /// The server does not speak the request's revision; since 2026-07-28.
    public static let unsupportedProtocolVersion: ErrorCode = -32022
    /// The user said no to a sampling request; an example code of the legacy revisions.
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

    /// The code's name, if it is a known one.
    public var name: String? { Self.names[self] }

    /// The number, with its name if it has one.
    public var description: String {
        name.map { "\(rawValue) \($0)" } ?? String(rawValue)
    }
}
