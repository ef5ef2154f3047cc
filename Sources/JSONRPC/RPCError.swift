public import JSON

/// An error that the peer sent instead of a result, as received.
///
/// Source: JSON-RPC 2.0, section 5.1.
public struct RPCError: Error, Sendable, Hashable {
    /// The code, such as −32601 for an unknown method.
    public var code: Int
    /// The peer's message.
    public var message: String
    /// Additional data from the peer, as received.
    public var data: JSONValue?

    /// Creates an error.
    public init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }
}

extension RPCError: CustomStringConvertible {
    /// The message with the code.
    public var description: String { "\(message) (code \(code))" }

    /// The error member of a response.
    public var json: JSONObject {
        var object: JSONObject = ["code": JSONValue(code), "message": .string(message)]
        object["data"] = data
        return object
    }
}

// MARK: - The errors of JSON-RPC itself

extension RPCError {
    /// The bytes are not JSON.
    public static func parseError(_ detail: String) -> RPCError {
        RPCError(code: -32700, message: "Parse error: \(detail)")
    }

    /// The JSON is not a request.
    public static func invalidRequest(_ detail: String) -> RPCError {
        RPCError(code: -32600, message: "Invalid request: \(detail)")
    }

    /// The receiver does not have the method.
    public static func methodNotFound(_ method: String) -> RPCError {
        RPCError(code: -32601, message: "Method not found: \(method)")
    }

    /// The parameters do not match the method.
    public static func invalidParams(_ detail: String, data: JSONValue? = nil) -> RPCError {
        RPCError(code: -32602, message: "Invalid params: \(detail)", data: data)
    }

    /// The receiver failed to carry out the request.
    public static func internalError(_ detail: String) -> RPCError {
        RPCError(code: -32603, message: "Internal error: \(detail)")
    }
}
