import AsyncRuntime
import MCPHTTP
import NIOCore
import NIOHTTP1

// One timer serves all limits of a connection: setting one for each request costs more than most requests.
extension ConnectionHandler {
    struct Timing {
        var lastActivity: ContinuousClock.Instant
        /// Since when the client has not read its responses.
        var stalledSince: ContinuousClock.Instant?
        var timer: ScheduledAction?
    }

    func startTimer() {
        guard timing.timer == nil else { return }
        if case .closed = phase { return }
        let now = service.scheduler.now
        let deadline = max(timing.lastActivity.advanced(by: allowance), now.advanced(by: .milliseconds(1)))
        let next = min(deadline, now.advanced(by: shortestAllowance))
        timing.timer = service.scheduler.schedule(at: next) { self.timerFired() }
    }

    /// How long the phase may last without any activity.
    private var allowance: Duration {
        switch phase {
        case .idle: limits.connectionIdle
        case .receiving, .closing: limits.requestArrival
        case .serving(let exchange): exchange.isStreaming ? limits.keepAlive : limits.streamStart
        case .closed: .zero
        }
    }

    /// No phase that begins after the timer was set can run out before it fires.
    private var shortestAllowance: Duration {
        min(limits.requestArrival, limits.connectionIdle, limits.streamStart, limits.keepAlive)
    }

    private func timerFired() {
        timing.timer = nil
        let now = service.scheduler.now
        if let stalledSince = timing.stalledSince, stalledSince.advanced(by: limits.requestArrival) <= now {
            close()
        } else if timing.lastActivity.advanced(by: allowance) <= now {
            phaseRanOut(now)
        }
        startTimer()
    }

    private func phaseRanOut(_ now: ContinuousClock.Instant) {
        switch phase {
        case .idle, .closing: close()
        case .receiving: writeLast(.refusal(.requestTimeout, "a request must arrive within \(limits.requestArrival)"))
        case .serving(let exchange):
            timing.lastActivity = now
            if exchange.isStreaming {
                write([.event(EventStreamWriter.comment())], for: exchange.writer)
            } else {
                exchange.writer.idle()
            }
        case .closed: break
        }
    }
}
