import MCP
import MCPTransport

/// In which order frames go out, each by a request of its own.
///
/// Requests go at once. What gets no answer (notifications, answers of ours) goes one after the other, for over several
/// connections a later one could arrive first. While the end of the handshake is under way, everything waits for it.
struct Outbox {
    /// How long what gets no answer may take to arrive: a server that never answers its POST must not keep back the rest.
    static let patience = Duration.seconds(5)

    private var oneWay: [OutgoingFrame] = []
    private var requests: [OutgoingFrame] = []
    private var current: OutgoingFrame?

    /// Takes a frame, and gives back what is to be sent now.
    mutating func add(_ frame: OutgoingFrame) -> [OutgoingFrame] {
        if frame.request != nil {
            guard !isFinishingHandshake else {
                requests.append(frame)
                return []
            }
            return [frame]
        }
        guard current == nil else {
            oneWay.append(frame)
            return []
        }
        current = frame
        return [frame]
    }

    /// The frame without an answer that was under way has arrived, or has not; gives back what is to be sent now.
    mutating func arrived() -> [OutgoingFrame] {
        current = oneWay.isEmpty ? nil : oneWay.removeFirst()
        var next = current.map { [$0] } ?? []
        if !isFinishingHandshake {
            next += requests
            requests = []
        }
        return next
    }

    private var isFinishingHandshake: Bool {
        current?.finishesHandshake == true || oneWay.contains(where: \.finishesHandshake)
    }
}

extension OutgoingFrame {
    /// Tells whether the frame ends the handshake of the legacy era.
    var finishesHandshake: Bool { head.method?.rawValue == NotificationName.initialized.rawValue }
}
