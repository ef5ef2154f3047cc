import JSON
import MCPClient
import TestSupport
import Tester
import Testing

/// The evidence of a failure: only what belongs to the failed request, and every fact once.
@Suite(.timeLimit(.minutes(15)))
struct EvidenceTests {
    @Test("frames of earlier requests are not evidence of a failed call")
    func framesOfEarlierRequestsAreNotEvidence() async throws {
        let session = try await session(.error(#"{"code":-32603,"message":"boom"}"#))
        _ = await session.listTools()
        _ = await session.callTool("t")
        let evidence = try #require(await session.callTool("t").json["evidence"])
        #expect(!evidence.description.contains("tools/list"), "\(evidence)")
        #expect(evidence["request"]?.string?.contains("tools/call") == true)
        #expect(evidence["last_frames"] == nil, "the request and the error stand elsewhere in the report: \(evidence)")
    }

    @Test("stray output since the request is evidence of its failure")
    func strayOutputSinceTheRequestIsEvidence() async throws {
        let frames = [
            "panic: not JSON", #"{"jsonrpc":"2.0","id":"unknown","result":{}}"#,
            #"{"jsonrpc":"2.0","id":<id>,"error":{"code":-32603,"message":"boom"}}"#,
        ]
        let session = try await session(.frames(frames))
        _ = await session.listTools()
        let shown = try #require(await session.callTool("t").json["evidence"]?["last_frames"]?.array)
        #expect(shown.compactMap { $0["text"]?.string } == Array(frames.prefix(2)))
    }

    @Test("a failure states each fact once")
    func aFailureStatesEachFactOnce() async throws {
        let session = TesterSession.stdio(era: .legacy)
        let script =
            shellServer.replacing("while IFS= read -r line; do", with: "for turn in 1 2; do IFS= read -r line")
            + "\nread -r line\necho 'Trace''back: no such key' >&2\nexit 3"
        _ = await session.connect(.init(target: Target(command: "/bin/sh", arguments: ["-c", script])))
        let report = await session.callTool("t").json
        #expect(report["failure_class"] == "crashed", "\(report)")
        #expect(report.standardError == ["Traceback: no such key"])
        #expect(report.description.ranges(of: "Traceback: no such key").count == 1, "\(report)")
        // Once in the verdict, once in the message.
        #expect(report.description.ranges(of: "The server crashed during").count == 2)
        #expect(report["evidence"]?["connection_ended"] == nil)
        await session.close()
    }

    @Test("advice does not point to standard error if nothing was written there")
    func silentCrash() async throws {
        let start = TesterSession.stdio(era: .legacy)
        let target = Target(command: "/bin/sh", arguments: ["-c", "exit 9"])
        #expect(
            await start.connect(.init(target: target)).json["error"]?["suggestion"]?.string
                == "The server wrote nothing to its standard error. Run `/bin/sh -c 'exit 9'` by hand to see why it ends, "
                + "fix its start, and connect again."
        )
        await start.close()
        let session = TesterSession.stdio(era: .legacy)
        let script =
            shellServer.replacing("while IFS= read -r line; do", with: "for turn in 1 2; do IFS= read -r line")
            + "\nread -r line\nexit 3"
        _ = await session.connect(.init(target: Target(command: "/bin/sh", arguments: ["-c", script])))
        for expected in ["fix the server, and connect again.", "and start it again with restart_server."] {
            let report = await session.callTool("t").json
            let advice = report["error"]?["suggestion"]?.string ?? ""
            #expect(advice.hasPrefix("The server wrote nothing to its standard error. Let it log"), "\(report)")
            #expect(advice.hasSuffix(expected), "\(advice)")
        }
        await session.close()
    }

    @Test("what findings, events and frames show is not repeated as observed")
    func observedRepeatsNothing() async throws {
        let session = try await session(
            .frames([
                "panic: not JSON", #"{"jsonrpc":"2.0","id":"unknown","result":{}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"working"}}"#,
                #"{"jsonrpc":"2.0","id":<id>,"error":{"code":-32603,"message":"boom"}}"#,
            ])
        )
        _ = await session.listTools()
        let answer = await session.callTool("t").json
        #expect(answer["evidence"]?["observed"] == nil, "\(answer)")
        #expect(answer["findings"]?.array?.count == 2, "\(answer)")
        #expect(answer["events"]?.array?.count == 1, "\(answer)")
    }

    @Test("a frame with several invalid characters has one finding, with their number")
    func oneFaultOfAFrameIsOneFinding() async throws {
        let data = #""data":"\ud800 \ud801 \ud802""#
        let session = try await session(
            .frames([
                #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info",\#(data)}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"\udc00"}}"#,
                #"{"jsonrpc":"2.0","id":<id>,"result":{"content":[]}}"#,
            ])
        )
        let answer = await session.callTool("t").json
        let messages = (answer["findings"]?.array ?? []).compactMap { $0["message"]?.string }
        #expect(messages.count == 2, "\(messages)")
        #expect(messages.first?.hasSuffix(" (the first of 3 places)") == true, "\(messages)")
        #expect(messages.last?.contains("places") == false, "\(messages)")
        #expect(answer["verdict"]?.string?.hasSuffix("; 2 findings") == true)
    }

    @Test(
        "the standard error of an earlier call is not evidence of a later one",
        .enabled(if: FaultyServer.isAvailable, "Python 3.10 is not installed")
    )
    func standardErrorOfAnEarlierCallIsNotRepeated() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            import json, sys
            for line in sys.stdin:
                message = json.loads(line)
                name = message.get("params", {}).get("name")
                reply = {"jsonrpc": "2.0", "id": message.get("id")}
                if message["method"] == "initialize":
                    about = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}}
                    reply["result"] = about | {"serverInfo": {"name": "s", "version": "1"}}
                else:
                    reply["error"] = {"code": -32603, "message": "no"}
                if name in ("loud", "crash"):
                    print("line of", name, file=sys.stderr, flush=True)
                if name == "crash":
                    sys.exit(3)
                if "id" in message:
                    print(json.dumps(reply), flush=True)
            """,
            to: "server.py"
        )
        let session = TesterSession.stdio(era: .legacy)
        let target = Target(command: FaultyServer.python, arguments: ["-S", "-E", folder.path("server.py")])
        let connected = await session.connect(.init(target: target))
        try #require(connected.failure == nil, "\(connected.verdict)")
        var tails: [[String]] = []
        for tool in ["loud", "quiet", "crash"] { tails.append(await session.callTool(tool).json.standardError) }
        await session.close()
        #expect(tails == [["line of loud"], [], ["line of crash"]])
    }

    @Test("the verdict is the first sentence of the message")
    func theVerdictIsTheFirstSentenceOfTheMessage() {
        let failure = Failure.usage("The first sentence: v1.2 of x. A second one.", nextStep: "Act.")
        #expect(Report(failure, context: " (here)").verdict == "ERROR: The first sentence: v1.2 of x. (here)")
        let quoting = Failure.usage("Refused (it said: No. Go away).", nextStep: "Act.")
        #expect(Report(quoting).verdict == "ERROR: Refused (it said: No. …).")
    }

    private func session(_ reply: CannedServer.Reply) async throws -> TesterSession {
        try await TesterSession.connected(
            to: CannedServer { method, _ in
                switch method {
                case "tools/call": reply
                case "tools/list": .result(#"{"tools":[{"name":"t","inputSchema":{"type":"object"}}]}"#)
                default: nil
                }
            }
        )
    }
}
