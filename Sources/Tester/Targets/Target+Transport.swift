public import AsyncRuntime
public import ChildProcesses
import JSONRPC
import MCPClient
import MCPHTTPClient
import MCPStdio
public import MCPTransport

extension Target {
    /// Lets single connections over HTTP take as long as connecting may take in all, where somebody asked for a time.
    ///
    /// The usual limits differ so that an address where nobody answers is told long before all time is over.
    mutating func allow(_ connect: Duration) {
        guard case .http(var endpoint) = kind, connect != ConnectionLimits().connect else { return }
        endpoint.limits.connect = max(endpoint.limits.connect, connect)
        kind = .http(endpoint)
    }

    /// A way to the server, not yet opened.
    ///
    /// - Parameters:
    ///   - scheduler: The source of time.
    ///   - grace: How long a process may take to end.
    public func transport(
        scheduler: any Scheduler,
        grace: ChildProcess.Grace = ChildProcess.Grace()
    ) -> any ClientTransport {
        switch kind {
        case .process(let process):
            StdioClientTransport(
                ChildProcess.Command(
                    executable: process.command,
                    arguments: process.arguments,
                    environment: process.environment,
                    workingDirectory: process.workingDirectory
                ),
                grace: grace
            )
        case .http(let endpoint): HTTPClientTransport.make(endpoint, scheduler: scheduler)
        }
    }
}
