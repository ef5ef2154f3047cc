public import AsyncRuntime
import JSONRPC
public import MCPTransport

extension Server {
    /// What answers hosts; what all conversations share is made once.
    ///
    /// - Parameters:
    ///   - scheduler: The source of time.
    ///   - executor: Where handlers run on after they have waited; until then they run where their request was received.
    public func conversations(scheduler: any Scheduler, executor: (any TaskExecutor)? = nil) -> MakeConversation {
        let kernel = Kernel(self, scheduler: scheduler, executor: executor)
        return { ServerSession(kernel, scheduler: scheduler, executor: executor, host: $0) }
    }
}
