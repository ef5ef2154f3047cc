import JSONRPC

/// What a body or an event is, as far as the exchange that it belongs to must know.
enum MessageScan {
    /// It answers a request: of that id, or with an id that could not be read, or several in a batch.
    case answer(RequestID?, isError: Bool, code: Int?)
    /// A notification, or a question of the server.
    case other
    /// JSON, but no message.
    case json
    /// No JSON.
    case noise

    init(_ frame: Frame) {
        guard case .message(let message) = frame.content else {
            self = .noise
            return
        }
        self.init(message)
    }

    private init(_ message: Message) {
        switch message {
        case .response(let id, _): self = .answer(id, isError: false, code: nil)
        case .failure(let id, let error): self = .answer(id, isError: true, code: error.code)
        case .unaddressed: self = .answer(nil, isError: false, code: nil)
        case .request, .notification: self = .other
        case .invalid: self = .json
        case .batch(let messages):
            let isAnswer = messages.contains {
                if case .answer = MessageScan($0) { true } else { false }
            }
            self = isAnswer ? .answer(nil, isError: false, code: nil) : .other
        }
    }
}
