import AsyncRuntime
import JSON
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Tester
import Testing

@testable import Conformance

/// Servers of real libraries, whose violations were looked into by hand: no more and no fewer are found.
@Suite(.timeLimit(.minutes(15)))
struct RealServerTests {
    /// A server, and the rules that it breaks.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let peer: TestPeers
        let command: [String]
        let failures: Set<String>

        init(_ peer: TestPeers, failures: Set<String>) {
            name = peer.rawValue
            self.peer = peer
            command = [peer.python, TestPeers.script("servers/\(peer.rawValue)_server.py")]
            self.failures = failures
        }

        init(_ name: String, _ arguments: [String], failures: Set<String>) {
            self.name = name
            peer = .others
            command = [TestPeers.others.program(name)] + arguments
            self.failures = failures
        }

        var testDescription: String { name }
    }

    static let rows = [
        // mcp 1 answers unknown methods with -32602, and logs without declaring it. No library knows batches.
        Row(.mcp1, failures: ["S007", "S009", "S270"]),
        Row(.fastmcp3, failures: ["S007", "S009"]),
        Row(.mcp2, failures: ["S009"]),
        Row(.fastmcp4, failures: ["S009"]),
        Row("mcp-server-time", ["--local-timezone", "UTC"], failures: ["S009"]),
    ]

    @Test(arguments: rows.filter(\.peer.isAvailable))
    func onlyKnownRulesAreBrokenOverStdio(_ row: Row) async throws {
        let target = Target(command: row.command[0], arguments: Array(row.command.dropFirst()))
        let result = try await run(target, .stdio)
        #expect(Set(result.failures.map(\.check.row)) == row.failures, "\(Self.sentences(result))")
    }

    @Test(.enabled(if: TestPeers.mcp1.isAvailable))
    func aServerOfTheFirstRevisionIsCheckedOverSSE() async throws {
        let peer = try await HTTPPeer(.mcp1, .sse)
        let result = try await run(try Target(HTTPEndpoint(url: peer.url)), .sse)
        #expect(result.revisions.contains(.earliest))
        let own = result.results.first { $0.check.row == "S151" }
        #expect(own?.verdict.name == "pass", "\(own?.verdict.message ?? "")")
        // As over stdio.
        let failures = Set(result.failures.map(\.check.row))
        #expect(failures.isSubset(of: ["S007", "S009", "S270"]), "\(Self.sentences(result))")
        peer.stop()
    }

    private func run(_ target: Target, _ kind: TransportKind) async throws -> ConformanceResult {
        let server = ServerUnderTest(target, kind: kind, clock: PollLoop.shared) {
            $0.transport(scheduler: PollLoop.shared)
        }
        return try await ConformanceRun(server).run()
    }

    private static func sentences(_ result: ConformanceResult) -> String {
        result.failures.map { "\($0.check.row) \($0.revision): \($0.verdict.message ?? "")" }.joined(separator: "\n")
    }
}
