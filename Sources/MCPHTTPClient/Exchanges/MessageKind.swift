import JSONRPC

/// What a body or an event contains, as far as its exchange needs to know.
enum MessageKind {
    /// A response to the request with that ID.
    ///
    /// The ID is nil if it cannot be a request ID, or for a batch with responses.
    case response(RequestID?, isError: Bool, code: Int?)
    /// A notification or a request.
    case other
    /// JSON, but not a JSON-RPC message.
    case notMessage
    /// Not JSON.
    case notJSON

    init(_ frame: Frame) {
        guard case .message(let message) = frame.content else {
            self = .notJSON
            return
        }
        self.init(message)
    }

    private init(_ message: Message) {
        switch message {
        case .response(let id, _): self = .response(id, isError: false, code: nil)
        case .failure(let id, let error): self = .response(id, isError: true, code: error.code)
        case .unaddressed: self = .response(nil, isError: false, code: nil)
        case .request, .notification: self = .other
        case .invalid: self = .notMessage
        case .batch(let messages):
            let hasResponse = messages.contains { MessageKind($0).isResponse }
            self = hasResponse ? .response(nil, isError: false, code: nil) : .other
        }
    }

    var isResponse: Bool {
        if case .response = self { true } else { false }
    }
}
