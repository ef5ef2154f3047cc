import MCP
import MCPTransport

/// Decides when frames are sent, each in a request of its own.
///
/// Requests are sent at once. Other messages are sent one after another: over several connections, a later one could arrive
/// first. Until the server has accepted the message that ends the handshake, requests wait, too.
struct SendQueue {
    /// How long the server may take to accept a message that has no response.
    ///
    /// After that, the next one is sent.
    static let acceptanceTimeout = Duration.seconds(5)

    private var waiting: [OutgoingFrame] = []
    private var waitingRequests: [OutgoingFrame] = []
    private var current: OutgoingFrame?

    /// Adds a frame.
    ///
    /// - Returns: Whether it is to be sent now.
    mutating func add(_ frame: OutgoingFrame) -> Bool {
        if frame.request != nil {
            guard isFinishingHandshake else { return true }
            waitingRequests.append(frame)
            return false
        }
        guard current == nil else {
            waiting.append(frame)
            return false
        }
        current = frame
        return true
    }

    /// Ends the turn of the message that was being sent.
    ///
    /// - Returns: The frames to send now.
    mutating func finishCurrent() -> [OutgoingFrame] {
        current = waiting.isEmpty ? nil : waiting.removeFirst()
        var next = current.map { [$0] } ?? []
        if !isFinishingHandshake {
            next += waitingRequests
            waitingRequests = []
        }
        return next
    }

    mutating func removeAll() {
        self = SendQueue()
    }

    private var isFinishingHandshake: Bool {
        guard let current else { return false }
        return current.finishesHandshake || waiting.contains(where: \.finishesHandshake)
    }
}

extension OutgoingFrame {
    /// Whether the frame ends the handshake of the legacy era.
    var finishesHandshake: Bool { head.method?.rawValue == NotificationName.initialized.rawValue }

    /// The method, to name the frame in a sentence.
    var shownName: String { head.method?.rawValue ?? "a response" }
}
