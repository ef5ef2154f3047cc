import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPStdio
import TestSupport
import Tester
import Testing

/// What a report says about the faults that beginners write, with real libraries.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct BuggyServerTests {
    private static let script = TestPeers.script("servers/buggy.py")
    private static let raising = [TestPeers.mcp2, .fastmcp3, .fastmcp4].filter(\.isAvailable)

    @Test(
        "an exception in a tool is named with its type, message and the user's line",
        .enabled(if: !raising.isEmpty, "\(TestPeers.absence)"),
        arguments: raising
    )
    func anExceptionIsNamed(_ peer: TestPeers) async throws {
        let session = try await connected(peer, era: .legacy)
        _ = await session.listTools()
        let answer = await session.callTool("average", arguments: JSONText(["values": []])).json
        let verdict = answer["verdict"]?.string ?? ""
        #expect(
            verdict.contains("The tool \"average\" raised ZeroDivisionError: division by zero at buggy.py:22"),
            "\(answer)"
        )
        #expect(answer["error"]?["details"]?["exception"]?["file"]?.string == Self.script)
        // A later call has nothing to do with it.
        let later = await session.callTool("soft", arguments: JSONText(["name": "x"])).json
        #expect(!later.description.contains("ZeroDivisionError"), "\(later)")
        await session.close()
    }

    @Test("a text that begins with Error is a finding", .enabled(if: TestPeers.mcp1.isAvailable))
    func anErrorThatPassesForAResultIsAFinding() async throws {
        let session = try await connected(.mcp1, era: .legacy)
        let answer = await session.callTool("soft", arguments: JSONText(["name": "x"])).json
        #expect(answer.outcome == "PASS")
        let findings = (answer["findings"]?.array ?? []).compactMap { $0["message"]?.string }
        #expect(findings.contains { $0.hasPrefix("The text begins with \"Error\", but isError is false") }, "\(answer)")
        await session.close()
    }

    @Test(
        "after a timeout the report says that a blocking call silenced the server, and so does the status",
        .enabled(if: TestPeers.mcp1.isAvailable)
    )
    func aBlockingCallIsNamed() async throws {
        let session = try await connected(.mcp1, era: .legacy)
        let limits = ConnectionLimits(request: .seconds(1), idle: .seconds(1))
        let blocked = await session.callTool(
            "block",
            arguments: JSONText(["seconds": 60]),
            with: CallOptions(limits: limits)
        ).json
        #expect(blocked["error"]?["error_type"] == "timeout")
        #expect(blocked["error"]?["details"]?["silent_since"] == "tools/call \"block\"", "\(blocked)")
        #expect(blocked["error"]?["suggestion"]?.string?.contains("blocking call inside an async function") == true)
        #expect(
            blocked["verdict"]?.string?.contains("within 1 s; the server has not responded since tools/call \"block\"")
                == true,
            "\(blocked)"
        )
        let later = await session.callTool(
            "soft",
            arguments: JSONText(["name": "x"]),
            with: CallOptions(limits: limits)
        ).json
        #expect(later["error"]?["details"]?["silent_since"] == "tools/call \"block\"", "\(later)")
        let status = session.status().json
        #expect(status.outcome == "FAIL", "\(status)")
        #expect(status["responsive"] == false)
        await session.close()
    }

    @Test("a slow call does not silence the server", .enabled(if: TestPeers.mcp1.isAvailable))
    func aSlowCallLeavesTheServerResponsive() async throws {
        let session = try await connected(.mcp1, era: .legacy)
        let answer = await session.callTool(
            "slow",
            arguments: JSONText(["seconds": 60]),
            with: CallOptions(limits: ConnectionLimits(request: .seconds(1), idle: .seconds(1)))
        ).json
        #expect(answer["error"]?["message"]?.string?.contains("The server still answers ping.") == true, "\(answer)")
        #expect(session.status().json.outcome == "PASS")
        await session.close()
    }

    @Test(
        "a library that cannot request input in the stateless era is recognized",
        .enabled(if: TestPeers.fastmcp4.isAvailable)
    )
    func aLibraryThatCannotAskIsRecognized() async throws {
        let session = try await connected(.fastmcp4, era: .modern)
        let answer = await session.callTool("ask").json
        #expect(answer["error"]?["suggestion"]?.string?.contains("`protocol: legacy`") == true, "\(answer)")
        await session.close()
    }

    // MARK: - Starting

    @Test("a missing package is reported with the interpreter that lacks it", .enabled(if: FaultyServer.isAvailable))
    func aMissingPackageIsReported() async throws {
        let folder = try TemporaryFolder()
        try folder.write("import no_such_package_at_all\n", to: "server.py")
        let target = Target(command: FaultyServer.python, arguments: [folder.path("server.py")])
        let session = TesterSession.stdio()
        let plain = await session.connect(.init(target: target)).json
        let message = plain["error"]?["message"]?.string ?? ""
        #expect(
            message.hasPrefix(
                "The server crashed while starting: ModuleNotFoundError: No module named 'no_such_package_at_all' "
                    + "at server.py:1"
            ),
            "\(message)"
        )
        let advice = plain["error"]?["suggestion"]?.string ?? ""
        #expect(advice.hasPrefix("`/"), "the path is absolute: \(advice)")
        #expect(advice.contains("uv run --with no_such_package_at_all"))
        try folder.write("#!/bin/sh\n", to: ".venv/bin/python", isExecutable: true)
        let beside = await session.connect(.init(target: target)).json
        #expect(
            beside["error"]?["suggestion"]?.string?.contains("command `\(folder.path(".venv/bin/python"))`") == true,
            "\(beside)"
        )
        await session.close()
    }

    @Test("a server that crashes before it reads anything is started once", .enabled(if: FaultyServer.isAvailable))
    func aCrashAtTheStartHappensOnce() async throws {
        let bench = try await TestBench()
        let count = bench.tapCount
        let answer = await bench.connect(try FaultyServer("exit-at-once"))
        #expect(answer["success"] == false)
        #expect(bench.tapCount == count + 1)
        try await bench.close()
    }

    @Test("a server that starts slowly is started once", .enabled(if: FaultyServer.isAvailable))
    func aSlowStartHappensOnce() async throws {
        let server = try FaultyServer("slow-start", era: .dual, options: ["--seconds", "0.5"])
        var settings = TesterSettings(info: Implementation(name: "t", version: "1")) { target in
            target.transport(scheduler: PollLoop.shared)
        }
        settings.limits = ConnectionLimits(connect: .seconds(100), probeGrace: .milliseconds(1))
        let session = TesterSession(settings: settings, clock: SystemTesterClock(PollLoop.shared))
        let target = Target(command: FaultyServer.python, arguments: server.arguments)
        #expect(await session.connect(.init(target: target)).failure == nil)
        #expect(try server.methods().filter { $0 == "server/discover" }.count == 1)
        await session.close()
    }

    @Test("a connect timeout ends the server at once", .enabled(if: FaultyServer.isAvailable))
    func aConnectTimeoutEndsTheServerAtOnce() async throws {
        let bench = try await TestBench()
        let count = bench.tapCount
        let connecting = Task { await bench.connect(try FaultyServer("silent"), era: .legacy) }
        _ = try await bench.nextTap(after: count).sent.next("initialize")
        let answer = try await bench.clock.passing(.seconds(30)) { try await connecting.value }
        #expect(answer["error"]?["error_type"] == "timeout")
        #expect(answer["evidence"]?["server"]?["ended_by"] == "SIGTERM", "\(answer)")
        #expect(answer["error"]?["suggestion"]?.string?.contains("`timeout` of connect_to_server") == true)
        try await bench.close()
    }

    private func connected(_ peer: TestPeers, era: EraChoice) async throws -> TesterSession {
        let session = TesterSession.stdio(era: era)
        let connected = await session.connect(.init(target: Target(command: peer.python, arguments: [Self.script])))
        try #require(connected.failure == nil, "\(connected.json)")
        return session
    }
}
