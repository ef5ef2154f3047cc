import Foundation
import JSON
import MCP
import MCPTesting
import TestSupport
import Testing

private let server = MCPTarget.command(TestPeers.mcp2.python, TestPeers.script("servers/mcp2_server.py"))

/// The library as a test of a user's server uses it, with a server on the official Python SDK.
@Suite(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"), .timeLimit(.minutes(5)))
struct MCPTestingTests {
    @Test func aToolIsCalled() async throws {
        try await server.call("add", ["a": 1, "b": 2]).expect(at: "/sum", equals: 3)
    }

    @Test func aRevisionIsChosen() async throws {
        let outcome = try await server.revision(.v2025_06_18).call("echo", ["message": "hi"]).expect(text: "hi")
        #expect(outcome.report["metadata"]?["protocol_version"] == "2025-06-18")
    }

    @Test func severalCallsShareAConnection() async throws {
        try await server.connected { session in
            try await session.call("echo", ["message": "one"]).expect(text: "one")
            try await session.call("echo", ["message": "two"]).expect(textContaining: "tw")
            #expect(try await session.tools.contains { $0["name"] == "echo" })
        }
    }

    @Test("an expectation that does not hold is an issue at its line, which shows both values")
    func failedExpectations() async throws {
        let outcome = try await server.call("echo", ["message": "hi"])
        let line = #line + 2
        let issues = await issues {
            outcome.expect(text: "ho")
            outcome.expect(at: "/missing", equals: 1)
            outcome.expectToolError()
        }
        #expect(issues.count == 3)
        #expect(issues.first?.text == #"call of echo: expected the text "ho", got "hi""#)
        #expect(issues.first?.line == line)
        #expect(issues.last?.text == #"call of echo: expected an error of the tool, got "hi""#)
    }

    @Test func anErrorOfAToolIsExpectedOrAnIssue() async throws {
        let outcome = try await server.call("fail")
        outcome.expectToolError(containing: "always fails")
        let issues = await issues { outcome.expect(text: "fine") }
        #expect(issues.map(\.text).first?.hasPrefix("call of fail: the tool reported an error:") == true, "\(issues)")
    }

    @Test("a server that does not start is a failure with its standard error and a next step")
    func unusableServer() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("import sys\nsys.exit('no database')\n", to: "server.py")
        let failure = try #require(
            await #expect(throws: TargetFailure.self) {
                try await MCPTarget.command(TestPeers.mcp2.python, script).call("echo")
            }
        )
        #expect(failure.description.contains("stderr: no database"), "\(failure)")
        #expect(failure.description.contains("Next step: "), "\(failure)")
    }

    @Test func anUnknownToolIsAFailureThatNamesTheNearest() async throws {
        let failure = try #require(
            await #expect(throws: TargetFailure.self) { try await server.call("ecko") }
        )
        #expect(failure.description.contains(#"Did you mean "echo"?"#), "\(failure)")
    }

    @Test("a snapshot is written on demand only, and compared without what is ignored")
    func snapshots() async throws {
        let folder = try TemporaryFolder()
        let test = folder.path("MyTests.swift")
        let outcome = try await server.call("add", ["a": 1, "b": 2])
        let missing = await issues { outcome.expectSnapshot(named: "sum", filePath: test) }
        #expect(missing.first?.text.contains("MCP_TEST_UPDATE_SNAPSHOTS=1 to write it") == true, "\(missing)")
        let path = try folder.write(#"{"json": {"sum": 4}}"#, to: "__Snapshots__/MyTests/sum.json")
        let different = await issues { outcome.expectSnapshot(named: "sum", filePath: test) }
        #expect(different.first?.text.contains(#"{"json":{"sum":4}}, got {"json":{"sum":3}}"#) == true, "\(different)")
        _ = try folder.write(#"{"json": {"sum": "‹ignored›"}}"#, to: "__Snapshots__/MyTests/sum.json")
        outcome.expectSnapshot(named: "sum", ignoring: ["/sum"], filePath: test)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("ignored"))
    }

    // MARK: - Issues

    private struct Seen: Sendable {
        var text: String
        var line: Int?
    }

    /// The issues that a body records, which do not fail this test.
    private func issues(_ body: () -> Void) async -> [Seen] {
        let seen = Recorder<Seen>()
        withKnownIssue {
            body()
        } matching: { issue in
            seen.append(Seen(text: issue.comments.map(\.rawValue).joined(), line: issue.sourceLocation?.line))
            return true
        }
        return seen.values
    }
}

@Suite(
    .enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"),
    .server(server, per: .suite),
    .serialized,
    .timeLimit(.minutes(5))
)
struct SharedProcessTests {
    private static let counts = Recorder<JSONValue>()

    @Test(arguments: 1...3) func testsOfASuiteShareAProcess(_ number: Int) async throws {
        let outcome = try await MCPTargetSession.current.call("add", ["a": 1, "b": 2]).expect(at: "/sum", equals: 3)
        let statistics = outcome.report["metadata"]?["connection_statistics"]?["tools_called"]
        Self.counts.append(statistics ?? nil)
        #expect(Self.counts.values.last == JSONValue(Self.counts.values.count))
    }
}

@Suite(
    .enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"),
    .server(server),
    .timeLimit(.minutes(5))
)
struct OwnProcessTests {
    @Test(arguments: 1...2) func eachCaseHasAProcessOfItsOwn(_ number: Int) async throws {
        let outcome = try await MCPTargetSession.current.call("add", ["a": 1, "b": 2])
        #expect(outcome.report["metadata"]?["connection_statistics"]?["tools_called"] == 1)
    }
}

struct NoTargetTests {
    @Test func aTestWithoutATraitIsToldToAddOne() {
        #expect(throws: NoTarget.self) { try MCPTargetSession.current }
    }
}
