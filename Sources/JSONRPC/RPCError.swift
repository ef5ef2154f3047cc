public import JSON

/// What the peer answered instead of a result, exactly as it said it.
///
/// Source: JSON-RPC 2.0, section 5.1.
public struct RPCError: Error, Sendable, Hashable {
    /// The number that names the kind of error.
    public var code: Int
    /// The peer's sentence.
    public var message: String
    /// Whatever the peer added, untouched.
    public var data: JSONValue?

    /// Creates an error.
    public init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }
}

extension RPCError: CustomStringConvertible {
    /// The code and the sentence.
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
    /// The bytes were no JSON.
    public static func parseError(_ detail: String) -> RPCError {
        RPCError(code: -32700, message: "Parse error: \(detail)")
    }

    /// The JSON was no request.
    public static func invalidRequest(_ detail: String) -> RPCError {
        RPCError(code: -32600, message: "Invalid request: \(detail)")
    }

    /// There is no such method here.
    public static func methodNotFound(_ method: String) -> RPCError {
        RPCError(code: -32601, message: "Method not found: \(method)")
    }

    /// The parameters do not fit the method.
    public static func invalidParams(_ detail: String, data: JSONValue? = nil) -> RPCError {
        RPCError(code: -32602, message: "Invalid params: \(detail)", data: data)
    }

    /// Something went wrong on the answering side.
    public static func internalError(_ detail: String) -> RPCError {
        RPCError(code: -32603, message: "Internal error: \(detail)")
    }
}
