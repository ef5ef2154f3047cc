public import JSON

/// One JSON-RPC message, classified once by the members it has.
///
/// Parameters and results stay the text that was received. Source: JSON-RPC 2.0; basic protocol, all revisions.
public enum Message: Sendable {
    /// A request, which must be answered.
    case request(Request)
    /// A notification, which is not answered.
    case notification(Notification)
    /// A result for a request.
    case response(id: RequestID, result: JSONText)
    /// An error for a request; the id is nil if the peer could not read it.
    case failure(id: RequestID?, error: RPCError)
    /// Several messages in one array; only revision 2025-03-26 allows it.
    case batch([Message])
    /// A result or an error with an id of a JSON type that no id can have, so that it names no request.
    case unaddressed(reason: String)
    /// JSON that is not a message, with its id if that can be read.
    case invalid(id: RequestID?, reason: String)

    /// The members of a request.
    public struct Request: Sendable {
        /// The id that the response has to carry.
        public var id: RequestID
        /// The method's name.
        public var method: String
        /// The parameters as received: an object or, against the specification of MCP, an array.
        public var params: JSONText?

        /// Creates a request.
        public init(id: RequestID, method: String, params: JSONText? = nil) {
            self.id = id
            self.method = method
            self.params = params
        }
    }

    /// The members of a notification.
    public struct Notification: Sendable {
        /// The method's name.
        public var method: String
        /// The parameters as received.
        public var params: JSONText?

        /// Creates a notification.
        public init(method: String, params: JSONText? = nil) {
            self.method = method
            self.params = params
        }
    }
}

// MARK: - Reading

extension Message {
    /// Classifies a message by the members it has.
    init(_ parts: Parts) {
        let id = parts.id.flatMap { RequestID(parts.text($0)) }
        if let problem = parts.problem(id: id) {
            self = problem
        } else if let method = parts.method.flatMap({ parts.text($0).string }) {
            let params = parts.params.map(parts.text)
            if let id {
                self = .request(Request(id: id, method: method, params: params))
            } else {
                self = .notification(Notification(method: method, params: params))
            }
        } else if let id, let result = parts.result {
            self = .response(id: id, result: parts.text(result))
        } else if let error = parts.error.map(parts.text), let code = error["code"]?.number?.int64,
            let message = error["message"]?.string
        {
            self = .failure(
                id: id,
                error: RPCError(code: Int(clamping: code), message: message, data: error["data"]?.value())
            )
        } else {
            self = .invalid(id: id, reason: "it is not a request, a notification or a response")
        }
    }
}

// MARK: - Writing

extension Message {
    /// The bytes of a request, without a line break.
    public static func encode(id: RequestID, method: String, params: JSONText?) -> [UInt8] {
        var writer = JSONWriter(capacity: 96 + (params?.bytes.count ?? 0))
        begin(&writer)
        writer.key("id")
        write(id, to: &writer)
        writer.key("method")
        writer.write(method)
        if let params {
            writer.key("params")
            writer.write(params)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The bytes of a request whose parameters are written in place, so that they are not copied.
    package static func encode(
        id: RequestID,
        method: String,
        capacity: Int,
        params: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 96 + capacity)
        begin(&writer)
        writer.key("id")
        write(id, to: &writer)
        writer.key("method")
        writer.write(method)
        writer.key("params")
        params(&writer)
        writer.endObject()
        return writer.bytes
    }

    /// The bytes of a notification, without a line break.
    public static func encode(method: String, params: JSONText?) -> [UInt8] {
        var writer = JSONWriter(capacity: 96 + (params?.bytes.count ?? 0))
        begin(&writer)
        writer.key("method")
        writer.write(method)
        if let params {
            writer.key("params")
            writer.write(params)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The bytes of a successful response, without a line break.
    public static func encode(id: RequestID, result: JSONText) -> [UInt8] {
        var writer = JSONWriter(capacity: 64 + result.bytes.count)
        begin(&writer)
        writer.key("id")
        write(id, to: &writer)
        writer.key("result")
        writer.write(result)
        writer.endObject()
        return writer.bytes
    }

    /// The bytes of a successful response whose result is written in place, so that a large one is not copied.
    package static func encode(
        id: RequestID,
        capacity: Int,
        result: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        JSONWriter.bytes(capacity: 64 + capacity) { writer in
            begin(&writer)
            writer.key("id")
            write(id, to: &writer)
            writer.key("result")
            result(&writer)
            writer.endObject()
        }
    }

    /// The bytes of an error response, without a line break; a nil id is written as null.
    public static func encode(id: RequestID?, error: RPCError) -> [UInt8] {
        var writer = JSONWriter()
        begin(&writer)
        writer.key("id")
        writer.write(id?.value ?? .null)
        writer.key("error")
        writer.write(error.json)
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ id: RequestID, to writer: inout JSONWriter) {
        switch id {
        case .integer(let number): writer.write(Int(number))
        case .string(let text): writer.write(text)
        }
    }

    private static func begin(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("jsonrpc")
        writer.write("2.0")
    }
}
