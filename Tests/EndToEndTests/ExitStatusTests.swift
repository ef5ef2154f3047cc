import Foundation
import JSON
import TestSupport
import Testing

/// The exit codes, each with a line of JSON on standard error.
@Suite(.timeLimit(.minutes(15)))
struct ExitStatusTests {
    private static let echo = ["call", "echo", #"{"message":"hi"}"#]

    @Test(
        arguments: [
            // A fault of the server, or a tool that failed.
            ("crash-on-call", echo, 1, "crashed"),
            ("wrong-id", echo + ["--timeout", "1"], 1, "protocol_error"),
            ("string-id", echo, 1, "protocol_error"),
            ("internal-error", echo, 1, "protocol_error"),
            ("bad-output", ["call", "add", "a=1", "b=2"], 1, "schema_mismatch"),
            ("bad-schema", ["test"], 1, "schema_mismatch"),
            ("invalid-tool", ["test"], 1, "schema_mismatch"),
            ("noise-on-stdout", ["test"], 1, "stdout_pollution"),
            ("looping-cursor", ["list", "--tools"], 1, "protocol_error"),
            // Inconclusive.
            ("exit-at-start", ["test"], 3, "crashed"),
            ("silent", ["list", "--connect-timeout", "0.3"], 3, "timeout"),
            ("never-answer", echo + ["--timeout", "0.3"], 3, "timeout"),
            ("wrong-version", ["list"], 3, "version"),
        ] as [(String, [String], Int32, String)]
    )
    func eachFaultOfAServerHasItsExitCode(fault: String, command: [String], code: Int32, failureClass: String)
        async throws
    {
        let run = try await RunningProgram.run(command + ["--", Product.path, "demo", "--fault", fault])
        #expect(run.code == code, "\(run)")
        #expect(run.lines.first?.hasPrefix(code == 1 ? "FAIL: " : "ERROR: ") == true, "\(run)")
        let report = try #require(try run.errorReport(), "\(run)")
        #expect(report["code"]?.string == failureClass, "\(run)")
        #expect(report["message"]?.string?.isEmpty == false)
        #expect(report["exit_code"]?.int == Int(code))
    }

    @Test(arguments: ["answers-twice", "empty-cursor", "stderr-flood", "silent-on-unknown-methods", "ignore-shutdown"])
    func aHarmlessFaultPasses(_ fault: String) async throws {
        let run = try await RunningProgram.run(Self.echo + ["--", Product.path, "demo", "--fault", fault])
        #expect(run.code == 0, "\(run)")
        #expect(run.errors.isEmpty, "\(run)")
    }

    @Test func aToolErrorExitsWithOne() async throws {
        let run = try await RunningProgram.run(["call", "demo", "divide", "dividend=1", "divisor=0"])
        #expect(run.code == 1, "\(run)")
        #expect(try run.errorReport()?["code"] == "tool_error")
    }

    @Test(arguments: [
        ["nowhere.py"], ["."], ["--", "no-such-command-at-all"], ["--", "sh", "-c", "echo sorry >&2; exit 4"],
    ])
    func aTargetThatCannotBeStartedExitsWithThree(_ target: [String]) async throws {
        let run = try await RunningProgram.run(["test"] + target)
        #expect(run.code == 3, "\(run)")
        #expect(run.lines.first?.hasPrefix("ERROR: ") == true, "\(run)")
        #expect(try run.errorReport() != nil, "\(run)")
        let asJSON = try await RunningProgram.run(["test", "--json"] + target)
        #expect(asJSON.code == 3)
        #expect(try asJSON.json()["success"] == false)
    }

    @Test(arguments: [
        ["frobnicate"], ["test"], ["test", "demo", "more"], ["test", "--no-such-option", "demo"], ["test", "--"],
        ["call", "demo"], ["call", "demo", "add", "a=x", "b=2"], ["call", "demo", "add", "c=1"],
        ["call", "demo", "echo", "message"], ["call", "demo", "echo", "{bad"],
        ["call", "demo", "echo", "@nowhere.json"],
        ["read", "demo"], ["prompt", "demo"], ["raw", "demo"], ["demo", "--fault", "no-such-fault"],
        ["list", "demo", "--protocol", "1999-01-01"], ["list", "demo", "--timeout", "soon"], ["serve", "--port", "-1"],
        ["list", "htp://127.0.0.1/mcp"], ["list", "demo", "--env", "NOVALUE"],
        ["list", "demo", "--header", "K: V"], ["list", "http://127.0.0.1:9/mcp", "--transport", "stdio"],
    ])
    func anInvalidCommandLineIsReportedOnStandardErrorOnly(_ arguments: [String]) async throws {
        let run = try await RunningProgram.run(arguments)
        #expect(run.code == 2, "\(run)")
        #expect(run.output.isEmpty, "\(run)")
        #expect(run.errorLines.count > 1, "people get a text besides the JSON: \(run)")
        #expect(try run.errorReport()?["code"] == "usage", "\(run)")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGQUIT])
    func anInterruptedCommandReportsItAndTerminatesItsTarget(_ signal: Int32) async throws {
        let lifeLine = try Lifeline()
        let target = ["/bin/sh", "-c", "\(lifeLine.grab) echo waiting; sleep 1000; true"]
        let program = try await RunningProgram(script: #"exec "$0" list -v -- "$@" 2>&1"#, target)
        while try await !program.line().contains("<- waiting") {}
        #expect(program.process.kill(signal))
        let run = await program.ended()
        #expect(run.code == 128 + signal, "\(run)")
        #expect(run.lines.last?.hasPrefix(#"{"error":{"code":"cancelled""#) == true, "\(run)")
        #expect(await lifeLine.isLetGo())
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aCommandThatWaitsForItsReaderCanBeInterrupted(_ signal: Int32) async throws {
        let folder = try TemporaryFolder()
        // The named pipe is open and stays full. The line awaited below is printed just before the report.
        let script = #"mkfifo "$1" && exec 8<>"$1" && exec "$0" call demo long_text characters=1000000 -v 2>&1 >&8"#
        let program = try await RunningProgram(script: script, [folder.path("full")])
        while try await !program.line().contains("bytes in total]") {}
        #expect(program.process.kill(signal))
        let run = await program.ended()
        #expect(run.code == 128 + signal, "\(run)")
        #expect(run.lines.last?.hasPrefix(#"{"error":{"code":"cancelled""#) == true, "\(run)")
    }
}
