import JSON
import MCPClient
import MCPTransport
import Tester

/// A message that was sent or received during a step.
package struct StepFrame: Sendable, Hashable {
    package var isSent: Bool
    /// The time since the connection began.
    package var time: Duration
    /// The message, shortened.
    package var text: String
}

extension StepFrame {
    var json: JSONObject {
        [
            "direction": .string(isSent ? "sent" : "received"), "at_ms": JSONValue(time.roundedMilliseconds),
            "text": .string(text),
        ]
    }

    /// Reads what ``json`` has; nil if a member is missing.
    init?(_ value: JSONValue) {
        guard let direction = value["direction"]?.string, let time = value["at_ms"]?.double,
            let text = value["text"]?.string
        else { return nil }
        self.init(isSent: direction == "sent", time: .milliseconds(time), text: text)
    }
}

extension StepRun {
    /// The last messages since a mark, which is 0 after a restart.
    func frames(since mark: Int) -> [StepFrame] {
        place.client.link.transcript.entries.filter { $0.number > mark }.suffix(20).map { entry in
            // Redacted before it is cut, because a part of a secret is not recognized.
            let text = place.session.redactor.redact(String(decoding: entry.bytes.prefix(64 << 10), as: UTF8.self))
            let shown = text.count > 400 ? "\(text.prefix(400))… (\(entry.byteCount) bytes)" : text
            return StepFrame(isSent: entry.direction == .sent, time: entry.time, text: shown)
        }
    }
}
