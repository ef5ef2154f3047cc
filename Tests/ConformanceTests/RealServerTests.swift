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
        let warnings: Set<String>

        init(_ peer: TestPeers, _ library: LibraryFault.Library) {
            name = peer.rawValue
            self.peer = peer
            command = [peer.python, TestPeers.script("servers/\(peer.rawValue)_server.py")]
            (failures, warnings) = Self.faults(of: library)
        }

        init(_ name: String, _ arguments: [String], _ library: LibraryFault.Library) {
            self.name = name
            peer = .others
            command = [TestPeers.others.program(name)] + arguments
            (failures, warnings) = Self.faults(of: library)
        }

        private static func faults(of library: LibraryFault.Library) -> (Set<String>, Set<String>) {
            let checks = Check.all.filter { LibraryFault.all[$0.row]?.contains(library) ?? false }
            return (
                Set(checks.filter { $0.level == .must }.map(\.row)), Set(checks.filter { $0.level != .must }.map(\.row))
            )
        }

        var testDescription: String { name }
    }

    static let rows = [
        Row(.mcp1, .mcp1), Row(.fastmcp3, .fastmcp3), Row(.mcp2, .mcp2), Row(.fastmcp4, .fastmcp4),
        Row("mcp-server-time", ["--local-timezone", "UTC"], .mcp2),
    ]

    @Test(arguments: rows.filter(\.peer.isAvailable))
    func onlyKnownRulesAreBrokenOverStdio(_ row: Row) async throws {
        let target = Target(command: row.command[0], arguments: Array(row.command.dropFirst()))
        let result = try await run(target, .stdio)
        #expect(Set(result.failures.map(\.check.row)) == row.failures, "\(Self.sentences(result))")
        let warnings = Set(result.warnings.map(\.check.row))
        #expect(warnings.isSuperset(of: row.warnings) && !warnings.contains("S163"), "\(warnings)")
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
