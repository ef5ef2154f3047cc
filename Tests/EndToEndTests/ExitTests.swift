import Foundation
import JSON
import TestSupport
import Testing

/// How the program exits when its host or its surroundings leave it no choice.
@Suite(.timeLimit(.minutes(15)))
struct ExitTests {
    @Test("With too few descriptors it says so in one line and exits with status 3")
    func tooFewDescriptors() async throws {
        let run = try await RunningProgram(script: #"ulimit -n 4; exec "$0" "$@""#, ["list", "demo"]).finish()
        #expect(run.code == 3, "\(run)")
        #expect(run.errors.hasPrefix("Error: cannot start: the limit of open files is 4, but"), "\(run)")
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test("When the input ends during a call to a silent target, the call is cancelled and both exit")
    func inputEndsDuringCall() async throws {
        let lifeline = try Lifeline()
        let host = try await Host.connected()
        try await host.connect(to: [
            "/bin/sh", "-c", "\(lifeline.grab) exec '\(Product.path)' demo --fault never-answer",
        ])
        _ = host.request("tools/call", ["name": "call_tool", "arguments": ["name": "echo", "timeout": 300]])
        _ = try await host.ask("ping")
        let run = await host.finish()
        #expect(run.code == 0, "\(run)")
        #expect(await lifeline.isLetGo())
    }

    @Test("When the host closes our output, we and the targets exit though the input stays open")
    func outputClosed() async throws {
        let lifeline = try Lifeline()
        let command: JSONValue = ["-c", .string("\(lifeline.grab) exec '\(Product.path)' demo")]
        let call: JSONObject = ["name": "connect_to_server", "arguments": ["command": "/bin/sh", "args": command]]
        let connect: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": .object(.modern(call)),
        ]
        let folder = try TemporaryFolder()
        try folder.write("\(connect)\n", to: "connect")
        // The host reads one response, closes its end and sends nothing more.
        let script = #"""
            mkfifo "$1/in" && exec 8<>"$1/in" && cat "$1/connect" >&8
            { "$0" <"$1/in"; echo "exit $?" >&2; } | { read -r first; printf '%s\n' "$first"; }
            """#
        let run = try await RunningProgram(script: script, [folder.path]).ended()
        #expect(run.errors.contains("exit 0"), "\(run)")
        #expect(await lifeline.isLetGo())
    }

    @Test("A signal interrupts a command that waits for a file")
    func interruptedWhileReading() async throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path("arguments")
        #expect(mkfifo(pipe, 0o600) == 0)
        // The shell can write only when the program has opened the pipe; it keeps the pipe open, so that reading waits.
        let script = #""$0" call demo echo "@$1" & exec 7>"$1"; kill -TERM $!; wait $!"#
        let run = try await RunningProgram(script: script, [pipe]).finish()
        #expect(run.code == 143, "\(run)")
    }

    @Test("Our own secrets are not handed to a target, unless they are given to it explicitly")
    func secretsAreWithheld() async throws {
        let secrets = ["MCP_TEST_SERVER_TOKEN": "s1", "MCP_TEST_AUTH_TOKEN": "s2", "LLM_API_KEY": "s3"]
        let folder = try TemporaryFolder()
        // Writes down what it got, and is not a server.
        let script = "env > '\(folder.path("env"))'"
        let host = try await Host.connected(environment: secrets)
        _ = try await host.call("connect_to_server", ["command": "/bin/sh", "args": ["-c", .string(script)]])
        for line in try folder.lines(of: "env") { #expect(!secrets.keys.contains { line.hasPrefix("\($0)=") }) }
        _ = try await host.call(
            "connect_to_server",
            ["command": "/bin/sh", "args": ["-c", .string(script)], "env": ["LLM_API_KEY": "given"]]
        )
        #expect(try folder.lines(of: "env").contains("LLM_API_KEY=given"))
        #expect(await host.finish().code == 0)
    }
}
