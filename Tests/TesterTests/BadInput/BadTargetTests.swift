import JSON
import MCPClient
import TestSupport
import Tester
import Testing

/// Targets that cannot be started, or that go wrong before anything can be asked of them.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct BadTargetTests {
    // MARK: - No process

    @Test func aCommandThatIsNotThereIsNamedWithWhereItWasLookedFor() async throws {
        try await expectSpawnFailure(of: "no-such-command-anywhere", saying: "PATH")
    }

    @Test func aWrongPathIsNamed() async throws {
        try await expectSpawnFailure(of: "/no/such/server", saying: "`/no/such/server` does not exist")
    }

    @Test func aDirectoryIsNoServer() async throws {
        try await expectSpawnFailure(of: "/", saying: "is a directory")
    }

    @Test func aFileThatMayNotBeExecutedIsToldWithItsMode() async throws {
        let folder = try TemporaryFolder()
        try await expectSpawnFailure(of: try folder.write("#!/bin/sh\n", to: "server"), saying: "chmod +x")
    }

    @Test func aMissingInterpreterIsNamed() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("#!/no/such/interpreter\n", to: "server", isExecutable: true)
        try await expectSpawnFailure(of: path, saying: "/no/such/interpreter")
    }

    @Test("what the system refuses is said once")
    func aRefusalOfTheSystemIsSaidOnce() async throws {
        let bench = try await TestBench()
        let target = Target(command: "/bin/cat", arguments: [String(repeating: "x", count: 8 << 20)])
        let report = await bench.session.connect(.init(target: target, name: "bad"))
        let message = report.failure?.message ?? ""
        #expect(message.hasPrefix("The system refused to start `/bin/cat`: "), "\(message)")
        #expect(message.lowercased().ranges(of: "start").count == 1, "\(message)")
        #expect(report.failure?.nextStep == "Make the arguments and the environment smaller.")
        // Eight megabytes of an argument are in neither channel.
        let rendered = report.rendered(ReportView()) { _ in "@1" }
        #expect(rendered.text.bytes.count < 20_000 && rendered.structured.bytes.count < 200_000)
        try await bench.close()
    }

    @Test func aMissingWorkingDirectoryIsNamed() async throws {
        let bench = try await TestBench()
        let target = Target(command: "/bin/cat", workingDirectory: "/no/such/folder")
        let answer = await bench.connect(target)
        #expect(answer["failure_class"] == "spawn")
        #expect(answer["error"]?["message"]?.string?.contains("/no/such/folder") == true, "\(answer)")
        try await bench.close()
    }

    // MARK: - A process that goes wrong

    @Test func aServerThatFailsAtItsStartIsToldWithItsCodeAndLastWords() async throws {
        let bench = try await TestBench()
        let answer = await bench.connect(try FaultyServer("exit-at-once", options: ["--code", "4"]))
        expectFailure(answer, "crashed", "connection_failed", says: "exited with code 4")
        #expect(answer["evidence"]?["server"]?["exit_code"] == 4)
        #expect(answer.standardError == ["error: cannot open data.db"])
        #expect(answer["evidence"]?["handshake"]?.array?.isEmpty == false)
        try await bench.close()
    }

    @Test func aServerThatDiesOfASignalAtItsStartIsToldWithTheSignal() async throws {
        let bench = try await TestBench()
        let answer = await bench.connect(
            try FaultyServer("die-mid-call", on: "initialize", options: ["--signal", "SIGSEGV"]),
            era: .legacy
        )
        expectFailure(answer, "crashed", "connection_failed", says: "SIGSEGV")
        #expect(answer["evidence"]?["server"]?["signal"] == "SIGSEGV (11)")
        try await bench.close()
    }

    @Test func aServerThatLeavesInGoodOrderBeforeTheHandshakeDidNotFinishIt() async throws {
        let bench = try await TestBench()
        let answer = await bench.connect(try FaultyServer("exit-at-once", options: ["--code", "0"]))
        expectFailure(answer, "handshake", "connection_failed", says: "exited during the handshake", "code 0")
        #expect(answer["error"]?["suggestion"]?.string?.contains("does it end with mcp.run()?") == true, "\(answer)")
        try await bench.close()
    }

    @Test func aServerThatRefusesTheHandshakeIsShownWithItsError() async throws {
        let bench = try await TestBench()
        let answer = await bench.connect(try FaultyServer("initialize-error"))
        expectFailure(answer, "handshake", "connection_failed", says: "the database is locked")
        #expect(answer["target_error"]?["data"] == ["path": "data.db"])
        try await bench.close()
    }

    @Test func aServerOfAnUnknownRevisionIsToldWithWhatItOffers() async throws {
        let bench = try await TestBench()
        let answer = await bench.connect(try FaultyServer("wrong-version"))
        expectFailure(answer, "version", "connection_failed", says: "1999-01-01", "2025-11-25")
        try await bench.close()
    }

    @Test func aServerThatSaysNothingIsGivenUpAtTheLimit() async throws {
        let bench = try await TestBench()
        let answer = try await connect(bench, "silent") { _ = await $0.sent.next() }
        expectFailure(answer, "timeout", "timeout", says: "neither server/discover nor initialize", "30 s")
        #expect(answer["evidence"]?["last_frames"]?[0]?["direction"] == "sent")
        try await bench.close()
    }

    @Test(arguments: [
        ("INFO:     Uvicorn running on http://0.0.0.0:8977 (Press CTRL+C to quit)", "http://127.0.0.1:8977/mcp"),
        (
            "Starting MCP server 'late' with transport 'http' on http://127.0.0.1:8977/mcp/",
            "http://127.0.0.1:8977/mcp/"
        ),
    ])
    func aServerThatServesHTTPIsToldWithItsAddress(log: String, url: String) async throws {
        let bench = try await TestBench()
        // The line of standard error is there before the one of standard output.
        let script = """
            read -r line; echo "$1" >&2; echo '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'; cat >/dev/null
            """
        let target = Target(command: "/bin/sh", arguments: ["-c", script, "sh", log])
        let count = bench.tapCount
        let connecting = Task { await bench.connect(target, era: .legacy) }
        await bench.nextTap(after: count).received.next(containing: "list_changed")
        let answer = try await bench.clock.passing(.seconds(30)) { await connecting.value }
        expectFailure(answer, "handshake", "connection_failed", says: "The server serves HTTP", "30 s")
        #expect(answer["error"]?["suggestion"]?.string?.contains("connect to \(url),") == true, "\(answer)")
        // That we ended it explains nothing.
        #expect(answer["evidence"]?["connection_ended"] == nil, "\(answer)")
        try await bench.close()
    }

    @Test func aServerThatSaysGarbageIsShownWithIt() async throws {
        let bench = try await TestBench()
        let answer = try await connect(bench, "garbage") { await $0.received.next(containing: "502") }
        expectFailure(answer, "stdout_pollution", "connection_failed", says: "non-protocol text to stdout")
        let frames = answer["evidence"]?["last_frames"]?.array ?? []
        #expect(frames.contains { $0["text"] == "<html>502 Bad Gateway</html>" && $0["is_protocol"] == false })
        try await bench.close()
    }

    @Test func aBannerIsAFindingAndNoFailure() async throws {
        let bench = try await TestBench()
        let answer = await bench.connect(try FaultyServer("banner"))
        #expect(answer["verdict"]?.string?.hasSuffix("; 2 findings") == true, "a reader may stop at the verdict")
        #expect(answer.outcome == "PASS")
        #expect(answer["findings"]?.array?.map { $0["failure_class"] } == ["stdout_pollution", "stdout_pollution"])
        #expect(answer["findings"]?[0]?["evidence"]?["text"]?.string?.contains("Scripted Server") == true)
        try await bench.close()
    }

    // MARK: - Steps

    private func expectSpawnFailure(of command: String, saying text: String) async throws {
        let bench = try await TestBench()
        let answer = await bench.connect(Target(command: command, arguments: ["--flag"]))
        expectFailure(answer, "spawn", "connection_failed", says: command)
        let error = answer["error"] ?? [:]
        let words = (error["message"]?.string ?? "") + " " + (error["suggestion"]?.string ?? "")
        #expect(words.contains(text), "\(words)")
        #expect(answer["connection"]?.isNull == true)
        #expect(answer["metadata"]?["attempted_url"] == .string("\(command) --flag"))
        #expect(answer["evidence"]?["command"] == .string(command))
        #expect(answer["evidence"]?["args"] == ["--flag"])
        try await bench.close()
    }

    /// Connects to a server, and moves the clock to the limit once the closure has seen what it waits for.
    private func connect(
        _ bench: TestBench,
        _ fault: String,
        _ isReady: (TappedTransport) async -> Void
    ) async throws -> JSONValue {
        let server = try FaultyServer(fault)
        let count = bench.tapCount
        let answer = Task { await bench.connect(server, era: .legacy) }
        await isReady(await bench.nextTap(after: count))
        return try await bench.clock.passing(.seconds(30)) { await answer.value }
    }
}

/// A failure's parts: class, coarse kind, words of its message, and that it says what to do.
func expectFailure(
    _ answer: JSONValue,
    _ failureClass: String,
    _ errorType: String,
    says texts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let comment = Comment(rawValue: answer.description)
    #expect(answer["success"] == false, comment, sourceLocation: sourceLocation)
    #expect(answer["failure_class"]?.string == failureClass, comment, sourceLocation: sourceLocation)
    #expect(answer["error"]?["error_type"]?.string == errorType, comment, sourceLocation: sourceLocation)
    let message = answer["error"]?["message"]?.string ?? ""
    for text in texts {
        #expect(message.contains(text), comment, sourceLocation: sourceLocation)
    }
    #expect(answer["error"]?["suggestion"]?.string?.isEmpty == false, comment, sourceLocation: sourceLocation)
    #expect(answer["next_step"] == nil, comment, sourceLocation: sourceLocation)
    #expect(answer["evidence"]?.object?.isEmpty == false, comment, sourceLocation: sourceLocation)
    #expect(answer["metadata"]?["request_time_ms"]?.double != nil, comment, sourceLocation: sourceLocation)
}
