import MCPHTTP
import MCPTransport
import NIOHTTP1

/// A step of an exchange.
///
/// Exactly one of ``response(_:)``, ``streamEnded(_:)`` and ``failed(_:)`` is the last one.
enum ExchangeStep {
    /// The response is an event stream; these are its headers.
    case streamStarted(HTTPHeaders)
    /// An event of the stream.
    case event(EventStreamEvent)
    /// The stream has ended.
    case streamEnded(StreamEnd)
    /// The response is not a stream and has arrived completely.
    case response(ReceivedResponse)
    /// There is no response.
    case failed(TransportFailure)
}

/// How an event stream ended, and how to resume it.
struct StreamEnd {
    /// Why the stream broke; nil if the server ended it properly.
    var failure: TransportFailure?
    var isMidEvent: Bool
    var lastEventID: String?
    /// The reconnection delay that the server asked for, in milliseconds.
    var retry: Int?
}

/// A response that is not a stream.
struct ReceivedResponse {
    var status: HTTPResponseStatus
    var fields: HTTPHeaders
    var body: [UInt8] = []
    /// The lowercase content type without its parameters.
    var mediaType: String?

    init(_ head: HTTPResponseHead, mediaType: String?) {
        status = head.status
        fields = head.headers
        self.mediaType = mediaType
    }

    var isSuccess: Bool { status.isSuccess }

    /// Whether the part of the body that has arrived rules out a message: neither the content type nor the first byte is
    /// that of JSON.
    var cannotBecomeMessage: Bool {
        if let mediaType, mediaType.hasSuffix("json") { return false }
        let first = body.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return first.map { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "[") } ?? false
    }
}

extension HTTPResponseStatus {
    var isSuccess: Bool { (200..<300).contains(code) }
}
