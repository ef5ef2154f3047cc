public import AsyncRuntime
public import ChildProcesses
import JSONRPC
import MCPClient
import MCPHTTPClient
import MCPStdio
public import MCPTransport

extension Target {
    /// Raises the limit of a single TCP connection to the connect timeout, if the user set one.
    ///
    /// By default it is shorter, so that an address where no one listens is reported early.
    mutating func raiseConnectLimit(to connect: Duration) {
        guard case .http(var endpoint) = kind, connect != ConnectionLimits().connect else { return }
        endpoint.limits.connect = max(endpoint.limits.connect, connect)
        kind = .http(endpoint)
    }

    /// Variables of ours that hold secrets: a server under test gets them only if they are set for it explicitly.
    public static let secretVariables: Set = ["MCP_TEST_SERVER_TOKEN", "MCP_TEST_AUTH_TOKEN", "LLM_API_KEY"]

    /// Creates a transport to the server; it is not opened yet.
    ///
    /// - Parameters:
    ///   - scheduler: The source of time.
    ///   - grace: How long a process may take to exit, unless the target sets another limit.
    public func transport(
        scheduler: any Scheduler,
        grace: ChildProcess.Grace = ChildProcess.Grace()
    ) -> any ClientTransport {
        switch kind {
        case .process(let process):
            return StdioClientTransport(
                ChildProcess.Command(
                    executable: process.command,
                    arguments: process.arguments,
                    environment: process.environment,
                    withheldVariables: Self.secretVariables,
                    workingDirectory: process.workingDirectory
                ),
                grace: ChildProcess.Grace(
                    endOfInput: process.exitLimit ?? grace.endOfInput,
                    terminate: grace.terminate
                )
            )
        case .http(let endpoint): return HTTPClientTransport.make(endpoint, scheduler: scheduler)
        }
    }
}
