import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization
import Tester

/// A transport that prints every frame as it passes and changes nothing.
final class WireTap: ClientTransport {
    private let transport: any ClientTransport
    private let printer: any WireLog

    init(_ transport: any ClientTransport, printer: any WireLog) {
        self.transport = transport
        self.printer = printer
    }

    var kind: TransportKind { transport.kind }

    var executor: (any TaskExecutor)? { transport.executor }

    func open(_ receiver: any ClientTransportReceiver) async throws {
        printer.note(transport.kind == .stdio ? "starting the server" : "connecting over \(transport.kind.rawValue)")
        let transport = transport
        try await transport.open(Receiver(receiver, printer) { transport.evidence(of: $0) })
    }

    func send(_ frame: OutgoingFrame) throws {
        printer.sent(frame.bytes)
        try transport.send(frame)
    }

    func settled(on revision: Revision) { transport.settled(on: revision) }

    var predecessor: (any ClientTransport)? { transport.predecessor.map { WireTap($0, printer: printer) } }

    func abandon(_ id: RequestID) -> Bool { transport.abandon(id) }

    func close() async -> TransportEnd { await transport.close() }

    func closeAtOnce() async -> TransportEnd { await transport.closeAtOnce() }

    func isInputUnread() async -> Bool? { await transport.isInputUnread() }

    func evidence() -> JSONObject { transport.evidence() }

    func evidence(of request: RequestID) -> JSONObject? { transport.evidence(of: request) }

    func preview(of frame: OutgoingFrame) async -> JSONObject? { await transport.preview(of: frame) }

    /// Prints what arrives and passes it on to the receiver.
    private final class Receiver: ClientTransportReceiver {
        private let receiver: any ClientTransportReceiver
        private let printer: any WireLog
        private let exchange: @Sendable (RequestID) -> JSONObject?
        /// The requests whose exchange was printed.
        private let printed = Mutex<Set<RequestID>>([])

        init(
            _ receiver: any ClientTransportReceiver,
            _ printer: any WireLog,
            exchange: @escaping @Sendable (RequestID) -> JSONObject?
        ) {
            self.receiver = receiver
            self.printer = printer
            self.exchange = exchange
        }

        /// Prints the HTTP exchange of a request once: method, URL and status.
        private func printExchange(of request: RequestID) {
            guard let exchange = exchange(request), let status = exchange["status"]?.int,
                printed.withLock({ $0.insert(request).inserted })
            else { return }
            let words = [exchange["method"], exchange["url"]].compactMap { $0?.string }
            let version = exchange["http_version"]?.string.map { " (HTTP/\($0))" } ?? ""
            printer.note("request \(request): \(words.joined(separator: " ")) -> \(status)\(version)")
        }

        func received(_ frame: Frame, for request: RequestID?) {
            if let request { printExchange(of: request) }
            printer.received(frame.bytes)
            receiver.received(frame, for: request)
        }

        func failed(_ id: RequestID, _ failure: TransportFailure) {
            printExchange(of: id)
            printer.note("request \(id) failed: \(failure.message)")
            receiver.failed(id, failure)
        }

        func noted(_ note: TransportNote) {
            switch note {
            case .event(let event): printer.note(event)
            case .fault(let fault, _, _): printer.note("fault: \(fault)")
            case .standardError: break
            }
            receiver.noted(note)
        }

        func ended(_ end: TransportEnd) {
            printer.note(end.reason)
            receiver.ended(end)
        }
    }
}

/// Where a ``WireTap`` writes.
protocol WireLog: Sendable {
    /// Writes a frame to the server.
    func sent(_ bytes: [UInt8])
    /// Writes a frame from the server.
    func received(_ bytes: [UInt8])
    /// Writes something that is not a frame.
    func note(_ text: String)
}

/// Prints frames to standard error, each with the time since the command began.
struct WirePrinter: WireLog {
    private let streams: Streams
    private let began = ContinuousClock.now

    /// Longer frames are cut: `--json` has the transcript.
    private static let longest = 8000

    init(_ streams: Streams) {
        self.streams = streams
    }

    func sent(_ bytes: [UInt8]) { frame("->", bytes) }

    func received(_ bytes: [UInt8]) { frame("<-", bytes) }

    /// Prints a frame after an arrow for its direction.
    private func frame(_ direction: String, _ bytes: [UInt8]) {
        // Before it is cut, so that no beginning of a secret is left.
        let bytes = streams.secrets.redactor.redact(bytes)
        let text = SafeText.escapeLine(String(decoding: bytes.prefix(Self.longest), as: UTF8.self))
        let rest = bytes.count > Self.longest ? "… [\(bytes.count) bytes in total]" : ""
        streams.error("\(time) \(direction) \(text)\(rest)\n")
    }

    func note(_ text: String) {
        streams.error("\(time) -- \(SafeText.escapeLine(text))\n")
    }

    private var time: String {
        let tenths = Int((began.duration(to: .now).milliseconds * 10).rounded())
        let text = "\(tenths / 10).\(tenths % 10) ms"
        return String(repeating: " ", count: max(0, 11 - text.count)) + text
    }
}
