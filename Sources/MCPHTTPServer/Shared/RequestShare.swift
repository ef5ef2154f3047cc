import NIOCore

/// What a request occupies until its response is sent: a place among the requests in flight, and the memory of its body.
///
/// Given back when the last owner drops it. That may be later than the end of the connection: over HTTP+SSE the response is
/// an event of another connection, and in the legacy era a client that leaves does not cancel its request.
final class RequestShare: Sendable {
    private let permit: Permit?
    private let bytes: Int
    private let budget: NIOLoopBound<BufferBudget>

    /// Takes over bytes that the budget already counts.
    init(_ permit: Permit?, bytes: Int, of budget: BufferBudget, on loop: any EventLoop) {
        self.permit = permit
        self.bytes = bytes
        self.budget = NIOLoopBound(budget, eventLoop: loop)
    }

    deinit {
        let (budget, bytes) = (budget, bytes)
        guard bytes > 0 else { return }
        if budget.eventLoop.inEventLoop {
            budget.value.release(bytes)
        } else {
            budget.eventLoop.execute { budget.value.release(bytes) }
        }
    }
}
