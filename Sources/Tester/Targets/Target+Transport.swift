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

    /// Variables of ours that hold secrets: a server under test gets them only if they are set for it explicitly.
    public static let secretVariables: Set = ["MCP_TEST_SERVER_TOKEN", "MCP_TEST_AUTH_TOKEN", "LLM_API_KEY"]

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
                    withheldVariables: Self.secretVariables,
                    workingDirectory: process.workingDirectory
                ),
                grace: grace
            )
        case .http(let endpoint): HTTPClientTransport.make(endpoint, scheduler: scheduler)
        }
    }
}
