import AsyncRuntime
import NIOCore
import Platform

/// What all parts of a server share.
///
/// A server runs on one event loop. All of its state belongs to that loop, so that none of it needs a lock. Other
/// threads, such as those of conversations, hand over their messages with a ``LoopInbox``.
struct ServerContext {
    let options: HTTPServerOptions
    let loop: any EventLoop
    let scheduler: LoopScheduler
    let budget: BufferBudget
    /// Limits the open event streams.
    let streams: Quota
    let shutdownTasks: ShutdownTasks

    /// Creates the context, on the loop.
    init(
        _ options: HTTPServerOptions,
        on loop: any EventLoop,
        scheduler: any Scheduler,
        shutdownTasks: ShutdownTasks
    ) {
        loop.preconditionInEventLoop()
        self.options = options
        self.loop = loop
        self.scheduler = LoopScheduler(base: scheduler, loop: loop)
        budget = BufferBudget(options.limits.bufferBytes) {
            // A little later: who releases a buffer may still hold it.
            loop.scheduleTask(in: .milliseconds(100)) { returnFreeMemory() }
        }
        streams = Quota(options.limits.streams)
        self.shutdownTasks = shutdownTasks
    }
}
