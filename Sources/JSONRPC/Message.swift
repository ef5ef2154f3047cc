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
    init(parts: Parts) {
        let id = parts.id.flatMap { RequestID($0.value()) }
        if let problem = parts.addressProblem(id: id) {
            self = .unaddressed(reason: problem)
        } else if let problem = parts.problem(id: id) {
            self = .invalid(id: id, reason: problem)
        } else if let method = parts.method?.string {
            if let id {
                self = .request(Request(id: id, method: method, params: parts.params))
            } else {
                self = .notification(Notification(method: method, params: parts.params))
            }
        } else if let id, let result = parts.result {
            self = .response(id: id, result: result)
        } else if let error = parts.error, let code = error["code"]?.number?.int64,
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

    /// The members of an outermost object that decide what a message is.
    struct Parts {
        var version: JSONText?
        var id: JSONText?
        var method: JSONText?
        var params: JSONText?
        var result: JSONText?
        var error: JSONText?

        mutating func take(_ key: ArraySlice<UInt8>, _ value: JSONText) {
            if key.isName("id") {
                id = value
            } else if key.isName("method") {
                method = value
            } else if key.isName("params") {
                params = value
            } else if key.isName("result") {
                result = value
            } else if key.isName("jsonrpc") {
                version = value
            } else if key.isName("error") {
                error = value
            }
        }

        init() {}

        init(_ members: JSONText) {
            for member in members.members ?? [] { take(Array(member.key.utf8)[...], member.text) }
        }

        /// Why a response names no request, unless it names one or its sender could not read the request's id.
        func addressProblem(id: RequestID?) -> String? {
            guard method == nil, id == nil, (result == nil) != (error == nil) else { return nil }
            guard let given = self.id else { return result == nil ? nil : "the result has no id" }
            // An error may come without an id, or with null, if the peer could not read one.
            if given.kind == .null { return result == nil ? nil : "the id of the result is null" }
            let shown = given.bytes.count <= 100 ? given.description : given.value().typeName
            return "the id of the response is \(shown), which is neither a string nor an integer"
        }

        /// Why these members do not make a message, if they do not.
        func problem(id: RequestID?) -> String? {
            if let method {
                if method.kind != .string { return "\"method\" is not a string" }
                if self.id != nil, id == nil { return "\"id\" is neither a string nor an integer" }
                if result != nil || error != nil { return "it has both a method and a result or error" }
                if let params, params.kind != .object, params.kind != .array { return "\"params\" is not an object" }
                return nil
            }
            if result != nil, error != nil { return "it has both a result and an error" }
            if let error {
                if error.kind != .object { return "\"error\" is not an object" }
                guard let code = error["code"] else { return "\"error\" has no code" }
                if code.number?.int64 == nil { return "the error's code is not an integer" }
                if error["message"]?.string == nil { return "the error has no message" }
                return nil
            }
            return result == nil ? "it has neither a method nor a result nor an error" : nil
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
        writer.write(id.value)
        writer.key("method")
        writer.write(method)
        if let params {
            writer.key("params")
            writer.write(params)
        }
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
        writer.write(id.value)
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
        var writer = JSONWriter(capacity: 64 + capacity)
        begin(&writer)
        writer.key("id")
        writer.write(id.value)
        writer.key("result")
        result(&writer)
        writer.endObject()
        return writer.bytes
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

    private static func begin(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("jsonrpc")
        writer.write("2.0")
    }
}

extension ArraySlice<UInt8> {
    fileprivate func isName(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        return zip(self, UnsafeBufferPointer(start: name.utf8Start, count: count)).allSatisfy(==)
    }
}
