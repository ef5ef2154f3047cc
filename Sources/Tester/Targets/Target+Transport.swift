public import JSONRPC
import MCPHTTPClient
public import MCPStdio
public import MCPTransport

extension Target {
    /// A way to the server, not yet opened.
    ///
    /// - Parameters:
    ///   - scheduler: The source of time.
    ///   - grace: How long a process may take to end.
    public func transport(
        scheduler: any Scheduler,
        grace: ChildProcess.Grace = ChildProcess.Grace()
    ) -> any ClientTransport {
        switch way {
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
