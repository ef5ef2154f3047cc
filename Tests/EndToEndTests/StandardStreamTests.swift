import Foundation
import JSON
import TestSupport
import Testing

/// The program as a stdio server on streams of every kind.
@Suite(.timeLimit(.minutes(15)))
struct StandardStreamTests {
    private static let ping = #"{"jsonrpc":"2.0","id":7,"method":"ping"}"#
    private static let answer = "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n"

    @Test func requestsBeforeTheEndOfInputGetResponsesAndTheTargetsAreTerminated() async throws {
        let lifeLine = try Lifeline()
        let host = try await Host.connected()
        try await host.connect(to: ["/bin/sh", "-c", "\(lifeLine.grab) exec '\(Product.path)' demo"])
        let call: JSONValue = ["name": "slow", "arguments": ["seconds": 0.3]]
        let slow = host.request("tools/call", ["name": "call_tool", "arguments": call])
        let run = await host.finish()
        let answer = try run.messages().last { $0["id"]?.int == slow }
        #expect(answer?["result"]?["structuredContent"]?["success"] == true, "\(run)")
        #expect(run.code == 0)
        #expect(await lifeLine.isLetGo())
    }

    @Test func aLastLineWithoutALineFeedGetsAResponse() async throws {
        let run = try await RunningProgram.run([], input: Self.ping)
        #expect(run.text == Self.answer)
        #expect(run.code == 0)
    }

    @Test func inputAndOutputCanBeFiles() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.ping + "\n", to: "in")
        let script = #"exec "$0" <"$1/in" >"$1/out""#
        let run = try await RunningProgram(script: script, [folder.path]).ended()
        #expect(run.code == 0, "\(run)")
        #expect(try String(contentsOfFile: folder.path("out"), encoding: .utf8) == Self.answer)
    }

    @Test(arguments: ["</dev/null", "<&-", "<&- >&-", "<&- >&- 2>&-"])
    func withoutInputItExitsAtOnceWithZero(_ redirection: String) async throws {
        let run = try await RunningProgram(script: #"exec "$0" "# + redirection).ended()
        #expect(run.code == 0, "\(run)")
        #expect(run.output.isEmpty)
    }

    @Test func aDirectoryAsInputCountsAsEmptyInput() async throws {
        let run = try await RunningProgram(script: #"exec "$0" </"#).ended()
        #expect(run.code == 0, "\(run)")
        #expect(run.output.isEmpty)
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func atATerminalItPrintsABannerAndServesTypedMessages() async throws {
        let terminal = try await RunningProgram(
            ["-S", "-E", TestPeers.script("terminal.py"), Product.path],
            executable: FaultyServer.python
        )
        terminal.write(Self.ping + "\n")
        var seen = ""
        while !seen.contains(#""result":{}"#) { seen += try await terminal.line() + "\n" }
        #expect(seen.contains("is running as an MCP server"))
        #expect(seen.contains("mcp-test-mcp test demo"))
        // Ctrl-D.
        terminal.write("\u{04}")
        let run = await terminal.ended()
        #expect(run.code == 0, "\(run)")
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func ctrlCAtATerminalTerminatesACommandAndItsTarget() async throws {
        let lifeLine = try Lifeline()
        let target = ["/bin/sh", "-c", "\(lifeLine.grab) echo waiting; sleep 1000; true"]
        let terminal = try await RunningProgram(
            ["-S", "-E", TestPeers.script("terminal.py"), Product.path, "list", "-v", "--"] + target,
            executable: FaultyServer.python
        )
        while try await !terminal.line().contains("<- waiting") {}
        terminal.write("\u{03}")
        let run = await terminal.ended()
        #expect(run.code == 130, "\(run)")
        // The line of JSON is for scripts.
        #expect(run.text.contains("Interrupted.") && !run.text.contains(#""code""#), "\(run)")
        #expect(await lifeLine.isLetGo())
    }

    @Test func aHostThatStopsReadingDoesNotKeepItFromExiting() async throws {
        let folder = try TemporaryFolder()
        let message = String(repeating: "x", count: 1 << 20)
        let call =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"\#(message)"}}}"#
        try folder.write(call + "\n", to: "in")
        // The named pipe is open but never read: it fills up and stays full.
        let script = #"mkfifo "$1/full" && exec 8<>"$1/full" && exec "$0" <"$1/in" >&8"#
        let run = try await RunningProgram(script: script, [folder.path]).ended()
        #expect(run.code == 0, "\(run)")
    }

    @Test func aHostThatClosesItsEndTerminatesTheServerAndTheTargets() async throws {
        let lifeLine = try Lifeline()
        let command: JSONValue = ["-c", .string("\(lifeLine.grab) exec '\(Product.path)' demo")]
        let call: JSONObject = ["name": "connect_to_server", "arguments": ["command": "/bin/sh", "args": command]]
        let connect: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": .object(.modern(call)),
        ]
        let folder = try TemporaryFolder()
        try folder.write("\(connect)\n", to: "connect")
        try folder.write(Self.ping + "\n", to: "ping")
        // This host reads one response and closes its end; our input stays open.
        let script = #"""
            mkfifo "$1/in" && exec 8<>"$1/in" && cat "$1/connect" >&8
            { "$0" <"$1/in"; echo "exit $?" >&2; } | { read -r first; exec <&-; cat "$1/ping" >&8; printf '%s\n' "$first"; }
            """#
        let run = try await RunningProgram(script: script, [folder.path]).ended()
        #expect(run.errors.contains("exit 0"), "\(run)")
        #expect(try run.json()["result"]?["structuredContent"]?["success"] == true, "\(run)")
        #expect(await lifeLine.isLetGo())
    }
}
