import AsyncRuntime
import JSON
import TestSupport
import Tester
import Testing

@testable import TesterServer

/// The tool `check_server`.
@Suite(.timeLimit(.minutes(5)))
struct CheckServerTests {
    private static let tools = ToolSet(base: .default, additions: [.suites])

    /// A host of a tester whose targets answer as the closure says; time is real, because checks wait.
    private func host(
        _ canned: CannedServer,
        isConnected: Bool = true
    ) async throws -> TesterHost {
        let tester = try TesterUnderTest(tools: Self.tools, targetClock: PollLoop.shared) { canned.transport() }
        let host = try await TesterHost(tester)
        if isConnected { try await host.call("connect_to_server", ["command": "canned"]) }
        return host
    }

    private static func tool(_ name: String, _ rest: String = "") -> String {
        #"{"name":"\#(name)","inputSchema":{"type":"object","additionalProperties":false}\#(rest)}"#
    }

    private static func lists(_ tools: String) -> @Sendable (String, JSONValue) -> CannedServer.Reply? {
        { method, message in
            switch method {
            case "ping": .result("{}")
            case "tools/list": .result(#"{"tools":[\#(tools)]}"#)
            case "resources/list": .result(#"{"resources":[]}"#)
            case "prompts/list": .result(#"{"prompts":[]}"#)
            case "tools/call" where tools.contains(message["params"]?["name"]?.string ?? "-"):
                .result(#"{"content":[{"type":"text","text":"done"}]}"#)
            case "tools/call": .error(#"{"code":-32602,"message":"unknown tool"}"#)
            default: nil
            }
        }
    }

    @Test("a server that follows the rules passes, with the numbers")
    func aSoundServerPasses() async throws {
        let host = try await host(CannedServer(reply: Self.lists(Self.tool("look"))))
        let report = try await host.answer("check_server", ["only": ["tools-list", "S037", "initialize-result"]])
        #expect(report["verdict"]?.string?.hasPrefix("PASS: all checks passed in 2025-11-25") == true, "\(report)")
        #expect(report["conformance"]?["counts"]?["pass"] == 3, "\(report)")
        #expect(report["conformance"]?["failures"] == [])
    }

    @Test("if the server does not speak the requested revision, the one that it speaks is named")
    func anotherRevisionIsSpoken() async throws {
        let host = try await host(CannedServer(reply: Self.lists(Self.tool("look"))))
        let report = try await host.answer("check_server", ["revision": "2026-07-28"])
        let verdict = "ERROR: The server speaks 2025-11-25 and not 2026-07-28."
        #expect(report["verdict"]?.string == verdict, "\(report)")
        #expect(report["error"]?["suggestion"]?.string?.hasPrefix("Check 2025-11-25, or omit") == true, "\(report)")
    }

    @Test("the failures come first, the messages that show them last, and a handle reads them")
    func failuresAndEvidence() async throws {
        let description = String(repeating: "wrong in every way ", count: 40)
        let bad = (1...12).map { #"{"name":"bad tool \#($0)","description":"\#(description)"}"# }
        let host = try await host(CannedServer(reply: Self.lists(bad.joined(separator: ","))))
        let result = try await host.call("check_server", [:])
        let text = try #require(result["content"]?[0]?["text"]?.string)
        #expect(text.utf8.count <= 6000)
        let report = try JSONValue(parsing: Array(text.utf8))
        #expect(report["verdict"]?.string?.hasPrefix("FAIL: ") == true, "\(report)")
        #expect(report["conformance"]?["counts"]?["fail"]?.int ?? 0 > 1, "\(report)")
        // Only the command has --baseline.
        #expect(report["error"]?["suggestion"] == "Fix what the failures name.", "\(report)")
        let failures = try #require(report["conformance"]?["failures"]?.array)
        #expect(
            failures.contains { $0["id"] == "tools-list" && $0["received"]?.string?.contains("bad tool 1") == true }
        )
        #expect(failures.allSatisfy { $0["evidence"] == nil })
        let more = try #require(report["more"]?.string, "\(report)")
        let handle = try #require(more.split(separator: " ").first { $0.hasPrefix("@") })
        let evidence = try await host.answer(
            "read_result",
            ["handle": .string(String(handle)), "select": "/conformance/evidence/0/exchanges/0/sent"]
        )
        #expect(evidence["value"]?.string?.contains("jsonrpc") == true, "\(evidence)")
    }

    @Test("only read-only tools are called, unless the caller allows writes")
    func writesNeedPermission() async throws {
        let tools = [Self.tool("write"), Self.tool("look", #","annotations":{"readOnlyHint":true}"#)]
        for (isAllowed, expected) in [(false, ["look"] as Set), (true, ["look", "write"])] {
            let canned = CannedServer(reply: Self.lists(tools.joined(separator: ",")))
            let host = try await host(canned)
            _ = try await host.answer(
                "check_server",
                ["only": ["tools-call-content"], "allow_writes": .bool(isAllowed)]
            )
            let called = try canned.inbox.allJSON().filter { $0["method"] == "tools/call" }
            #expect(Set(called.compactMap { $0["params"]?["name"]?.string }) == expected)
        }
    }

    @Test("a server at url is checked without a connection, which stays away")
    func aGivenTarget() async throws {
        let host = try await host(CannedServer(reply: Self.lists(Self.tool("look"))), isConnected: false)
        let without = try await host.answer("check_server", [:])
        #expect(without["error"]?["error_type"] == "not_connected", "\(without)")
        #expect(without["conformance"]?.isNull == true)
        let report = try await host.answer("check_server", ["url": "/bin/cat", "only": ["tools-list"]])
        #expect(report["verdict"]?.string?.hasPrefix("PASS") == true, "\(report)")
        #expect(try await host.answer("list_connections", [:])["connections"]?.array?.isEmpty != false)
    }

    @Test("a wrong name of a check or revision is corrected")
    func wrongNames() async throws {
        let host = try await host(CannedServer(reply: Self.lists(Self.tool("look"))))
        let check = try await host.answer("check_server", ["only": ["tool-list"]])
        #expect(check["error"]?["message"]?.string?.contains("Did you mean \"tools-list\"?") == true, "\(check)")
        let revision = try await host.answer("check_server", ["revision": "2025-11"])
        #expect(revision["error"]?["suggestion"]?.string?.contains("2025-11-25") == true, "\(revision)")
    }

    @Test("its definition costs a model few tokens")
    func theDefinitionIsSmall() async throws {
        let tools = try await TesterHost(TesterUnderTest(tools: Self.tools)).tools()
        let own = try #require(tools.first { $0["name"] == "check_server" })
        #expect(JSONText(own).bytes.count <= 4 * 190, "\(JSONText(own).bytes.count)")
    }
}
