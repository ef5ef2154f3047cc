public import AsyncRuntime
import JSONRPC
public import MCPTransport

extension Server {
    /// Returns a factory of conversations with hosts.
    ///
    /// All conversations share tasks, subscriptions and state keys.
    ///
    /// - Parameters:
    ///   - scheduler: the source of time.
    ///   - executor: runs handlers once they have suspended; until then they run where their request was received.
    public func conversations(scheduler: any Scheduler = SystemScheduler.shared, executor: (any TaskExecutor)? = nil)
        -> MakeConversation
    {
        let kernel = Kernel(self, scheduler: scheduler, executor: executor)
        return { ServerSession(kernel, scheduler: scheduler, executor: executor, host: $0) }
    }
}
