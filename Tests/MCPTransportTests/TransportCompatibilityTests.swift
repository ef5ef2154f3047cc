import ChildProcesses
import JSONRPC
import MCPStdio
import MCPTransport
import TestSupport
import Testing

/// Every transport passes the same suite.
@Suite(.timeLimit(.minutes(15)))
struct TransportCompatibilityTests {
    @Test(arguments: TransportCompatibility.allCases)
    func inMemoryTransport(_ check: TransportCompatibility) async throws {
        try await check.run(
            InMemoryTransport { host in
                host.send(.notification(Array(TransportCompatibility.greeting.utf8)))
                return Echo(host)
            }
        )
    }

    @Test(arguments: TransportCompatibility.allCases)
    func stdioTransport(_ check: TransportCompatibility) async throws {
        let script = "printf '%s\\n' '\(TransportCompatibility.greeting)'; exec cat"
        try await check.run(StdioClientTransport(.init(executable: "/bin/sh", arguments: ["-c", script])))
    }
}

/// A server that sends back whatever it gets.
private final class Echo: ServerConversation {
    private let host: HostLink

    init(_ host: HostLink) {
        self.host = host
    }

    func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
        (reply ?? host.send)(.answer(frame.bytes))
    }

    func finish() async {}
    func cancel() async {}
}
