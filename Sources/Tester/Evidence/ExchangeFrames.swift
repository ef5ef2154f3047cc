import JSON
import JSONRPC
import MCP
import MCPTransport

/// The failed request whose evidence is collected.
struct FailedExchange {
    /// The ids of all rounds of the request.
    var requests: [RequestID]
    /// The last round as it was sent; `nil` where the report shows it elsewhere.
    var request: [UInt8]?
    /// Whether the report shows the response elsewhere, such as under `target_result`.
    var showsResponse = false
    /// The time until the failure was known.
    var elapsed: Duration?
}

/// The frames of a transcript that belong to one request: its messages, and stray output since it was sent.
///
/// What the report shows elsewhere (the request, the response) is omitted.
struct ExchangeFrames {
    /// The frames, oldest first.
    private(set) var entries: [Transcript.Entry] = []

    private let exchange: FailedExchange
    /// Requests of the server since the request was sent, whose responses belong to it, too.
    private var serverRequests: Set<RequestID> = []

    /// How many frames are looked through at most, the newest first.
    private static let limit = 1000

    init(_ exchange: FailedExchange, in transcript: [Transcript.Entry]) {
        self.exchange = exchange
        guard let first = exchange.requests.first else { return }
        let messages = transcript.suffix(Self.limit).map { (entry: $0, message: Self.message(in: $0)) }
        let start = messages.lastIndex { entry, message in
            entry.direction == .sent && (message.request == first || entry.bytes == exchange.request)
        }
        guard let start else { return }
        let otherRequests = Set(messages.compactMap { $0.entry.direction == .sent ? $0.message.request : nil })
            .subtracting(exchange.requests)
        for (entry, message) in messages[start...] where belongs(message, entry, others: otherRequests) {
            entries.append(entry)
        }
    }

    /// The ids of requests of a method, oldest first.
    static func requests(of method: String, in transcript: [Transcript.Entry]) -> [RequestID] {
        transcript.suffix(limit).compactMap { entry in
            guard entry.direction == .sent, case .request(let request)? = message(in: entry), request.method == method
            else { return nil }
            return request.id
        }
    }

    private mutating func belongs(
        _ message: Message?,
        _ entry: Transcript.Entry,
        others: Set<RequestID>
    ) -> Bool {
        switch (entry.direction, message) {
        case (.sent, .request(let request)):
            return exchange.requests.contains(request.id) && exchange.request != entry.bytes
        case (.sent, .response(let id, _)): return serverRequests.contains(id)
        case (.sent, .failure(let id, _)): return id.map(serverRequests.contains) ?? false
        case (.received, .request(let request)):
            serverRequests.insert(request.id)
            return true
        case (.received, .response(let id, _)), (.received, .failure(let id?, _)):
            return exchange.requests.contains(id) ? !exchange.showsResponse : !others.contains(id)
        case (_, .notification(let notification)): return isAbout(notification)
        default: return entry.direction == .received
        }
    }

    /// Whether a notification names one of the requests.
    private func isAbout(_ notification: Message.Notification) -> Bool {
        let key: StaticString =
            switch NotificationName(rawValue: notification.method) {
            case .cancelled: "requestId"
            case .progress: "progressToken"
            default: "taskId"
            }
        guard let id = notification.params?[key].flatMap({ RequestID($0.value()) }) else { return false }
        return exchange.requests.contains(id)
    }

    private static func message(in entry: Transcript.Entry) -> Message? {
        guard case .message(let message) = Frame(received: entry.bytes).content else { return nil }
        return message
    }
}

extension Message? {
    /// The id, if it is a request.
    fileprivate var request: RequestID? {
        if case .request(let request)? = self { request.id } else { nil }
    }
}
