import JSONRPC

/// How a frame is handled before any of its messages is served.
enum FrameVerdict {
    /// Serve its messages.
    case serve(isBatch: Bool)
    /// Respond with an error and serve nothing.
    case refuse(RequestID?, RPCError)
    /// Do nothing: it expects no response.
    case ignore

    init(_ frame: Frame, allowsBatches: @autoclosure () -> Bool) {
        guard case .message(let message) = frame.content else {
            self = .serve(isBatch: false)
            return
        }
        for oddity in frame.oddities {
            switch oddity {
            case .text(let error):
                self = message.wantsAnswer ? .refuse(message.id, .parseError("\(error)")) : .ignore
                return
            case .version:
                // A response to one of our requests is accepted without the version.
                guard case .request(let request) = message else { break }
                self = .refuse(request.id, .invalidRequest("\"jsonrpc\" must be \"2.0\""))
                return
            case .duplicateMember: break
            }
        }
        if case .batch = message {
            self =
                allowsBatches()
                ? .serve(isBatch: true)
                : .refuse(
                    nil,
                    .invalidRequest("several messages in one array, which the agreed revision does not have")
                )
        } else {
            self = .serve(isBatch: false)
        }
    }
}

extension Message {
    fileprivate var id: RequestID? {
        switch self {
        case .request(let request): request.id
        case .invalid(let id, _): id
        default: nil
        }
    }

    fileprivate var wantsAnswer: Bool {
        switch self {
        case .request, .batch, .invalid, .unaddressed: true
        case .notification, .response, .failure: false
        }
    }
}
