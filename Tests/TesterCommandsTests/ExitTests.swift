import JSON
import Tester
import Testing

@testable import TesterCommands

@Suite struct ExitTests {
    @Test(arguments: [
        (FailureClass.spawn, Int32(3)), (.stdoutPollution, 1), (.handshake, 3), (.version, 3), (.auth, 3),
        (.transport, 3),
        (.timeout, 3), (.protocolError, 1), (.toolError, 1), (.schemaMismatch, 1), (.needsInput, 5), (.cancelled, 3),
        (.crashed, 1), (.usage, 2),
    ])
    func eachFailureClassHasAnExitCode(failureClass: FailureClass, code: Int32) throws {
        let failure = Failure(failureClass, .executionError, "It failed.", nextStep: "Try again.")
        #expect(Exit(Report(failure)).code == code)
        let line = try #require(ErrorLine(Report(failure)))
        #expect(line.code == failureClass.rawValue)
        #expect(line.exit.code == code)
    }

    @Test func aReportThatPassedHasNoErrorLine() {
        #expect(Exit(Report(.pass, "all is well")).code == 0)
        #expect(ErrorLine(Report(.pass, "all is well")) == nil)
    }

    @Test func anIncompleteListFailsWithItsFindingAsTheCause() throws {
        var report = Report(.fail, "3 tools listed; the list is not whole")
        report.findings.append(.init(.protocolError, "page 2 is malformed"))
        let line = try #require(ErrorLine(report))
        #expect(
            line.line == #"{"error":{"code":"protocol_error","message":"3 tools listed; the list is not whole","#
                + #""cause":"page 2 is malformed","exit_code":1}}"# + "\n"
        )
    }

    @Test("a line of standard error is not the cause if the server goes on")
    func logLineIsNotTheCause() throws {
        let failure = Failure(
            .toolError,
            .executionError,
            "The tool failed.",
            nextStep: "Repair it.",
            evidence: ["server": ["stderr_tail": ["INFO transport 'stdio'"]]]
        )
        #expect(ErrorLine(failure).cause == nil)
        var crashed = failure
        crashed.failureClass = .crashed
        #expect(ErrorLine(crashed).cause == nil)
    }

    @Test func theCauseIsTheMostTellingEvidence() throws {
        let failure = Failure(
            .crashed,
            .transportError,
            "The server died.",
            nextStep: "Repair it.",
            evidence: [
                "connection_ended": "the server exited with code 3",
                "server": ["stderr_tail": ["Traceback", "ValueError: x", "  "]],
            ]
        )
        #expect(
            ErrorLine(failure).line == #"{"error":{"code":"crashed","message":"The server died.","#
                + #""cause":"the server exited with code 3; standard error: ValueError: x","#
                + #""next_step":"Repair it.","exit_code":1}}"# + "\n"
        )
    }

    @Test func theErrorOfTheServerIsTheCause() {
        var failure = Failure(.protocolError, .executionError, "Refused.", nextStep: "")
        failure.targetSaid = [("target_error", JSONText(["code": -32603, "message": "no"]))]
        #expect(ErrorLine(failure).cause == #"the server's error: {"code":-32603,"message":"no"}"#)
        #expect(ErrorLine(failure).nextStep == nil)
    }

    @Test(arguments: [
        (Int32(2), Int32(130), "Interrupted."), (15, 143, "Ended by SIGTERM."), (1, 129, "Ended by SIGHUP."),
        (3, 131, "Ended by SIGQUIT."),
    ])
    func aSignalHasItsExitCode(signal: Int32, code: Int32, message: String) {
        let line = ErrorLine(interruptedBy: signal)
        #expect(line.exit.code == code)
        #expect(line.message == message)
        #expect(line.code == "cancelled")
    }
}
