import JSONRPC

/// What to do with a frame before anything in it is served.
enum FrameVerdict {
    /// Serve what is in it.
    case serve(isBatch: Bool)
    /// Answer an error and serve nothing of it.
    case refuse(RequestID?, RPCError)
    /// Do nothing: it wants no answer.
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
                // Whoever answers a question of ours without the version has still answered it.
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
