import AsyncRuntime
import NIOCore
import Platform

/// Stops accepting connections while the process is out of descriptors.
///
/// A connection that cannot be accepted stays in the queue of the listener, which would report it again and again.
/// Accepting resumes when a connection is closed, or after a second, because descriptors are used for other things too.
final class AcceptThrottle: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let scheduler: LoopScheduler
    private var context: ChannelHandlerContext?
    /// Set while accepting is paused.
    private var timer: ScheduledAction?

    init(_ scheduler: LoopScheduler) {
        self.scheduler = scheduler
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.cancel()
        timer = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        guard timer == nil else { return }
        timer = scheduler.schedule(at: scheduler.now.advanced(by: .seconds(1))) { [weak self] in self?.resume() }
        context.setAutoRead(false)
    }

    /// Accepts connections again.
    func resume() {
        guard let context, let timer else { return }
        timer.cancel()
        self.timer = nil
        context.setAutoRead(true)
    }
}

extension ChannelHandlerContext {
    /// Reads from the channel, or pauses reading.
    func setAutoRead(_ isOn: Bool) {
        do {
            try channel.syncOptions?.setOption(.autoRead, value: isOn)
        } catch {
            // The channel is closed.
        }
    }
}
