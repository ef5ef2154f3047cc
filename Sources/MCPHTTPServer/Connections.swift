import AsyncRuntime
import JSONRPC
import NIOCore
import Synchronization

/// The connections that are open.
final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: NIOLoopBound<ConnectionHandler>] = [:]
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastTicket = 0
    }

    private let quota: Quota
    private let state = Mutex(State())

    init(limit: Int) {
        quota = Quota(limit)
    }

    /// Makes room for one more, if there is any.
    func lease() -> Lease? {
        quota.take()
    }

    /// Notes a connection until it is closed.
    func add(_ handler: ConnectionHandler, _ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        state.withLock { $0.open[key] = bound }
        channel.closeFuture.whenComplete { _ in self.remove(key) }
    }

    private func remove(_ key: ObjectIdentifier) {
        let waiting = state.withLock { state in
            state.open[key] = nil
            guard state.open.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Closes those that are idle, and the others when their request is answered; what would go on by itself ends.
    func finish() {
        each { $0.finish() }
    }

    /// Waits until all are closed, or the time is over.
    func untilNone(_ scheduler: any Scheduler, within limit: Duration) async {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        let timer = scheduler.schedule(at: scheduler.now.advanced(by: limit)) { [weak self] in
            self?.state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
        await wait(ticket)
        timer.cancel()
    }

    /// Has all requests that are still being served answered with an error, and closes all that are left; waits for that.
    func close(_ error: RPCError) async {
        // All are answered before the first is closed: the answers of a session may go by the connections of others.
        for bound in all {
            await withCheckedContinuation { continuation in
                bound.eventLoop.execute {
                    bound.value.abort(error)
                    continuation.resume()
                }
            }
        }
        each { $0.close() }
        await wait(0)
    }

    private func wait(_ ticket: Int) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.open.isEmpty { state.waiting[ticket] = continuation }
                return state.open.isEmpty
            }
            if isOver { continuation.resume() }
        }
    }

    private func each(_ action: @escaping @Sendable (ConnectionHandler) -> Void) {
        for bound in all { bound.eventLoop.execute { action(bound.value) } }
    }

    private var all: [NIOLoopBound<ConnectionHandler>] {
        state.withLock { Array($0.open.values) }
    }
}
