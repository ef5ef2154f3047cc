import JSON
import MCPClient
import TestSupport
import Tester
import Testing

/// Servers that answer a call wrongly, or not at all.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct BadResponseTests {
    // MARK: - No answer

    @Test func aCallThatIsNeverAnsweredEndsAtTheLimit() async throws {
        try await onBench("never-answer") { bench in
            let answer = try await callUntilLimit(bench) { _ = try await $0.sent.next("tools/call") }
            expectFailure(answer, "timeout", "timeout", says: "no response and no progress within 60 s")
            #expect(answer["evidence"]?["request"]?.string?.contains("tools/call") == true)
            // The clock may have moved on before the deadline was noticed.
            #expect(try #require(answer["evidence"]?["elapsed_ms"]?.number?.int64) >= 60_000)
            // The server was told, and the rest of it works on.
            let told = try await bench.tap.sent.next("notifications/cancelled")
            #expect(told["params"]?["requestId"] != nil)
            #expect(await bench.session.listTools(on: "bad").json["tools"]?.array?.count == 2)
        }
    }

    @Test func aCallThatIsAnsweredWithGarbageIsPollution() async throws {
        // It works until the call.
        let bench = try await TestBench()
        let script = """
            read line; echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{},\
            "serverInfo":{"name":"sh","version":"1"}}}'; read line; read line; echo 'Traceback (most recent call)'; cat >&2
            """
        _ = await bench.connect(Target(command: "/bin/sh", arguments: ["-c", script]), era: .legacy)
        let answer = try await callUntilLimit(bench) { await $0.received.next(containing: "Traceback") }
        expectFailure(answer, "stdout_pollution", "execution_error", says: "1 line of non-protocol text")
        #expect(answer["findings"]?[0]?["evidence"]?["text"] == "Traceback (most recent call)")
        try await bench.close()
    }

    @Test func aServerThatDiesInTheMiddleIsToldWithItsTraceback() async throws {
        try await onBench("die-mid-call", options: ["--code", "7"]) { bench in
            let answer = await bench.call()
            expectFailure(answer, "crashed", "transport_error", says: "exited with code 7")
            #expect(answer.standardError.contains { $0.contains("KeyError: 'no such key'") })
            #expect(answer["evidence"]?["server"]?["exit_code"] == 7)
            #expect(answer.standardError.first == "Traceback (most recent call last):")
            let status = bench.session.status("bad").json
            #expect(status["connected"] == false)
            #expect(status["message"]?.string?.contains("exited with code 7") == true)
            expectFailure(
                await bench.call(),
                "transport",
                "not_connected",
                says: "exited with code 7",
                "Nothing was sent"
            )
        }
    }

    @Test func aServerThatIsKilledInTheMiddleIsToldWithTheSignal() async throws {
        try await onBench("die-mid-call", options: ["--signal", "SIGKILL"]) { bench in
            let answer = await bench.call()
            expectFailure(answer, "crashed", "transport_error", says: "SIGKILL")
            #expect(answer["evidence"]?["server"]?["signal"] == "SIGKILL (9)")
        }
    }

    @Test func aServerThatLeavesInGoodOrderInTheMiddleEndsTheConnection() async throws {
        try await onBench("die-mid-call", options: ["--code", "0"]) { bench in
            expectFailure(await bench.call(), "transport", "transport_error", says: "exited with code 0")
        }
    }

    @Test(arguments: ["answer-after-exit", "no-newline-at-end"])
    func anAnswerIsKeptThoughTheServerEndsAfterIt(_ fault: String) async throws {
        try await onBench(fault) { bench in
            let answer = await bench.call()
            #expect(answer.outcome == "PASS")
            #expect(answer["tool_call"]?["result"] == "hi")
        }
    }

    // MARK: - Wrong answers

    @Test func anAnswerUnderAnIDOfTheWrongTypeIsShownAtOnce() async throws {
        try await onBench("string-id") { bench in
            let answer = await bench.call()
            expectFailure(answer, "protocol_error", "execution_error", says: "but the request has the id")
            let frame = answer["error"]?["details"]?["frame"]?.string ?? ""
            #expect(frame.contains(#""id":"3""#) || frame.contains(#""id":"2""#), "\(frame)")
            #expect(frame.contains("hi"))
            #expect(answer["target_response"]?["result"]?["content"]?[0]?["text"] == "hi", "\(answer)")
        }
    }

    @Test("a response whose id is a fraction fails the call at once and is shown")
    func responseWithFractionalID() async throws {
        try await onBench("float-id") { bench in
            let answer = await bench.call()
            expectFailure(answer, "protocol_error", "execution_error", says: ".0, which is neither a string nor")
            #expect(answer["target_response"]?["result"]?["content"]?[0]?["text"] == "hi", "\(answer)")
        }
    }

    @Test func anAnswerUnderAStrangeIDIsNamedAtTheLimit() async throws {
        try await onBench("wrong-id") { bench in
            let answer = try await callUntilLimit(bench) { await $0.received.next(containing: "987654321") }
            expectFailure(answer, "protocol_error", "execution_error", says: "987654321")
            #expect(answer["error"]?["suggestion"]?.string?.contains("id of the request") == true)
            #expect(answer["findings"]?[0]?["evidence"]?["text"]?.string?.contains("hi") == true)
        }
    }

    @Test func aSecondAnswerIsAFindingOfTheNextQuestionAtTheLatest() async throws {
        try await onBench("answers-twice") { bench in
            let answers = [await bench.call(), await bench.call(), await bench.session.listTools(on: "bad").json]
            #expect(answers.allSatisfy { $0.outcome == "PASS" })
            let findings = answers.flatMap { $0["findings"]?.array ?? [] }
            // Two calls, two answers too many; each is told once.
            #expect(findings.count == 2, "\(findings)")
            #expect(findings.allSatisfy { $0["failure_class"] == "protocol_error" })
            #expect(findings.allSatisfy { $0["evidence"]?["text"]?.string?.contains("hi") == true })
        }
    }

    @Test func aResultWithAnErrorIsNoValidResponse() async throws {
        try await onBench("result-and-error") { bench in
            let answer = await bench.call()
            expectFailure(answer, "protocol_error", "execution_error", says: "both a result and an error")
            #expect(answer["error"]?["details"]?["frame"]?.string?.contains("and yet it failed") == true)
        }
    }

    @Test func theErrorOfAServerIsShownWithCodeAndData() async throws {
        try await onBench("error-with-data") { bench in
            let answer = await bench.call()
            expectFailure(answer, "protocol_error", "execution_error", says: "-32099", "quota used up")
            #expect(answer["target_error"]?.description.contains(#""data":{"limit":10,"retryAfter":60}"#) == true)
        }
    }

    @Test func anErrorWithoutAnIDBelongsToTheOnlyRequestThatWaits() async throws {
        try await onBench("null-id-error") { bench in
            expectFailure(await bench.call(), "protocol_error", "execution_error", says: "-32600", "Invalid Request")
        }
    }

    @Test func anotherVersionOfTheEnvelopeIsAFinding() async throws {
        try await onBench("wrong-jsonrpc") { bench in
            let answer = await bench.call()
            #expect(answer["tool_call"]?["result"] == "hi")
            #expect(answer["findings"]?[0]?["failure_class"] == "protocol_error")
        }
    }

    // MARK: - Large and strange answers

    @Test func tenMegabytesComeWholeAndAreCutOnlyInTheText() async throws {
        try await onBench("big") { bench in
            let answer = await bench.session.callTool("echo", with: CallOptions(on: "bad"))
            let structured = answer.structured
            #expect(structured["tool_call"]?["result"]?.string?.utf8.count == 10_000_000)
            let text = answer.rendered(ReportView()) { _ in "@1" }.text
            #expect(text.bytes.count <= 6000)
            #expect(text["tool_call"]?["result"]?.string?.contains("of 10000000 bytes") == true)
        }
    }

    @Test func charactersThatNoStringCanHoldAreReplacedAndNamed() async throws {
        let seen = #"before\ud800after"#
        try await onBench("lone-surrogate") { bench in
            let answer = await bench.call()
            #expect(answer.outcome == "PASS")
            let result = answer["tool_call"]?["result"]?.string ?? ""
            #expect(result.hasPrefix("before\u{FFFD}") && result.hasSuffix("after"), "\(answer)")
            let finding = try #require(answer["findings"]?[0])
            #expect(finding["failure_class"] == "protocol_error")
            #expect(finding["message"]?.string?.contains("U+FFFD") == true, "\(finding)")
            #expect(finding["evidence"]?["text"]?.string?.contains(seen) == true, "\(finding)")
        }
    }

    @Test func aZeroByteIsNoJSONAndTheRestGoesOn() async throws {
        try await onBench("nul-byte") { bench in
            let answer = try await callUntilLimit(bench) { await $0.received.next(containing: "before") }
            expectFailure(answer, "stdout_pollution", "execution_error", says: "non-protocol text to stdout")
            #expect(await bench.session.listTools(on: "bad").json.outcome == "PASS")
        }
    }

    @Test func anEscapedZeroIsACharacterLikeAnyOther() async throws {
        try await onBench("nul-escape") { bench in
            let answer = await bench.call()
            #expect(answer["tool_call"]?["result"] == "before\0after")
            #expect(answer["findings"] == nil)
        }
    }

    @Test(arguments: ["split-writes", "joined-writes", "crlf", "blank-lines", "stderr-flood", "notification-flood"])
    func unusualButRightAnswersPass(_ fault: String) async throws {
        try await onBench(fault) { bench in
            let answer = await bench.call()
            #expect(answer.outcome == "PASS", "\(answer["verdict"] ?? nil)")
            #expect(answer["tool_call"]?["result"] == "hi")
            #expect(answer["findings"] == nil)
        }
    }

    @Test func logLinesAmongTheProtocolAreFindings() async throws {
        try await onBench("noise-between") { bench in
            let answer = await bench.call()
            #expect(answer["tool_call"]?["result"] == "hi")
            let classes = (answer["findings"]?.array ?? []).compactMap { $0["failure_class"]?.string }
            #expect(classes.contains("stdout_pollution"), "\(answer)")
        }
    }

    // MARK: - Steps

    private func onBench(
        _ fault: String,
        options: [String] = [],
        _ body: (TestBench) async throws -> Void
    ) async throws {
        let bench = try await TestBench()
        let server = try FaultyServer(fault, options: options)
        let connected = await bench.connect(server, era: .legacy)
        #expect(connected["success"] == true, "\(connected)")
        try await body(bench)
        try await bench.close()
    }

    /// Calls a tool, and moves the clock to the limit once the closure has seen what it waits for.
    private func callUntilLimit(
        _ bench: TestBench,
        _ isReady: (TappedTransport) async throws -> Void
    ) async throws -> JSONValue {
        let answer = Task { await bench.call() }
        try await isReady(try bench.tap)
        return try await bench.clock.passing(.seconds(60)) { await answer.value }
    }
}
