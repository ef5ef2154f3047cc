public import JSON

/// One JSON-RPC message, told apart once by which members it has.
///
/// What is passed on stays the text that was received. Source: JSON-RPC 2.0; basic protocol, all revisions.
public enum Message: Sendable {
    /// Something that wants an answer.
    case request(Request)
    /// Something that wants none.
    case notification(Notification)
    /// A result for a request.
    case response(id: RequestID, result: JSONText)
    /// An error for a request; without an id where the peer could not read it.
    case failure(id: RequestID?, error: RPCError)
    /// Several messages in one array, which one revision has.
    case batch([Message])
    /// JSON that is no message, with the id as far as it can be read.
    case invalid(id: RequestID?, reason: String)

    /// A method to carry out and answer.
    public struct Request: Sendable {
        /// What the answer will carry.
        public var id: RequestID
        /// The method's name.
        public var method: String
        /// The parameters as received; an object, or in odd cases an array.
        public var params: JSONText?

        /// Creates a request.
        public init(id: RequestID, method: String, params: JSONText? = nil) {
            self.id = id
            self.method = method
            self.params = params
        }
    }

    /// A method to take note of.
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
    /// Tells apart a message by the members it has.
    init(parts: Parts) {
        let id = parts.id.flatMap { RequestID($0.value()) }
        if let problem = parts.problem(id: id) {
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
            self = .invalid(id: id, reason: "it is neither a request nor a response")
        }
    }

    /// The members of an outermost object that say what a message is.
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

        /// Why these members make no message, if they do not.
        func problem(id: RequestID?) -> String? {
            if let method {
                if method.kind != .string { return "\"method\" is no string" }
                if self.id != nil, id == nil { return "\"id\" is neither a string nor an integer" }
                if result != nil || error != nil { return "it has both a method and a result or error" }
                if let params, params.kind != .object, params.kind != .array { return "\"params\" is no object" }
                return nil
            }
            if result != nil, error != nil { return "it has both a result and an error" }
            if let error {
                // An error may come without an id, or with null, where the peer could not read one.
                if self.id != nil, self.id?.kind != .null, id == nil {
                    return "\"id\" is neither a string nor an integer"
                }
                if error.kind != .object { return "\"error\" is no object" }
                guard let code = error["code"] else { return "\"error\" has no code" }
                if code.number?.int64 == nil { return "the error's code is no integer" }
                if error["message"]?.string == nil { return "the error has no message" }
                return nil
            }
            if result != nil { return id == nil ? "a result came without the id of a request" : nil }
            return "it has neither a method nor a result nor an error"
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

    /// The bytes of a successful response whose result is written in place, which spares a large one a copy.
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

    /// The bytes of an error response, without a line break; a null id where the request's could not be read.
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
