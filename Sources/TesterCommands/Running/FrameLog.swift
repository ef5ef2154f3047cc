import JSON
import MCPTransport
import Tester

/// Logs each frame to and from a target as a line of JSON on standard error, without secrets.
struct FrameLog: WireLog {
    private let streams: Streams
    private let clock: any TesterClock
    private let target: String
    private let redaction: FrameRedaction

    /// Longer frames are cut; the transcript has them.
    private static let longest = 16_000

    /// Wraps what creates transports if `MCP_TEST_DEBUG` is set; otherwise returns it unchanged, so that it costs nothing.
    static func wrapping(
        _ makeTransport: @escaping @Sendable (Target) -> any ClientTransport,
        in context: CommandContext
    ) -> @Sendable (Target) -> any ClientTransport {
        guard context.environment.logsFrames else { return makeTransport }
        let (streams, clock) = (context.streams, context.clock)
        return { target in
            let log = FrameLog(
                streams: streams,
                clock: clock,
                target: target.name,
                redaction: FrameRedaction(of: target)
            )
            return WireTap(makeTransport(target), printer: log)
        }
    }

    func sent(_ bytes: [UInt8]) { write("sent", bytes) }

    func received(_ bytes: [UInt8]) { write("received", bytes) }

    func note(_ text: String) {
        write([("event", .string(redaction.redact(text: text)))])
    }

    private func write(_ direction: String, _ bytes: [UInt8]) {
        // Before it is cut, so that no beginning of a secret is left.
        let text = streams.secrets.redactor.redact(redaction.redact(frame: bytes))
        let isCut = text.utf8.count > Self.longest
        let shown = isCut ? String(decoding: text.utf8.prefix(Self.longest), as: UTF8.self) + "…" : text
        write([
            ("direction", .string(direction)), ("bytes", JSONValue(bytes.count)), ("frame", .string(shown)),
        ])
    }

    private func write(_ fields: [(key: String, value: JSONValue)]) {
        var line: JSONObject = [
            "timestamp": .string(clock.timestamp), "level": "DEBUG", "logger": "frames", "target": .string(target),
        ]
        for field in fields { line[field.key] = field.value }
        streams.error("\(JSONValue.object(line))\n")
    }
}
