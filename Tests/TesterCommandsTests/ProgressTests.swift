import AsyncRuntime
import JSONRPC
import MCP
import Synchronization
import Terminal
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// The line that shows what runs.
@Suite(.timeLimit(.minutes(15)))
struct ProgressTests {
    private static let screen = ScreenSize(columns: 60, rows: 24)

    private func line(_ view: ProgressView, _ screen: ScreenSize = screen) -> String {
        String(view.rows(on: screen).rows[0].text.dropFirst(2))
    }

    @Test func aBarShowsHowMuchIsDone() {
        var view = ProgressView("call slow", since: .now)
        #expect(line(view) == "call slow 0 s")
        view.measure = .init(3, of: 12)
        view.message = "step 3\u{1B}[2J"
        #expect(line(view) == "call slow █████░░░░░░░░░░░░░░░ 3/12 step 3\\u{1b}[2J 0 s")
        view.measure = .init(2.5, of: nil)
        #expect(line(view).hasPrefix("call slow 2.5 "))
        view.measure = .init(4, of: 5, isCount: true)
        #expect(line(view).contains("5/5"))
    }

    @Test(arguments: [(-1.0, 10.0), (20, 10), (1, 0), (.infinity, 10), (1, .nan)])
    func oddNumbersOfAServerDoNoHarm(_ done: Double, _ total: Double) {
        var view = ProgressView("call", since: .now)
        view.measure = .init(done, of: total)
        #expect(line(view).hasPrefix("call"))
    }

    @Test func aLongMessageIsCutToTheScreen() {
        var view = ProgressView("call", since: .now)
        view.message = String(repeating: "日", count: 100)
        let rows = view.rows(on: Self.screen)
        #expect(rows.rows.count == 1 && rows.rows[0].columns <= 59)
    }

    private func context(_ written: Written, variables: [String: String] = [:], isErrorTerminal: Bool = true) throws
        -> (CommandContext, FakeClock)
    {
        let clock = FakeClock()
        var context = try CommandContext.scripted(written, variables: variables, isErrorTerminal: isErrorTerminal)
        context.clock = SystemTesterClock(clock)
        return (context, clock)
    }

    @Test func nothingIsShownForTheFirstHalfSecond() throws {
        let written = Written()
        let (context, clock) = try context(written)
        let progress = ProgressLine(in: context)
        progress.begin("call slow")
        clock.advance(by: .milliseconds(499))
        #expect(written.error.isEmpty)
        clock.advance(by: .milliseconds(1))
        #expect(written.error.contains("call slow"))
        progress.end()
        #expect(written.error.hasSuffix("\r\u{1B}[J"))
        let length = written.error.count
        clock.advance(by: .seconds(5))
        #expect(written.error.count == length)
    }

    @Test func aShortStepLeavesNoTrace() throws {
        let written = Written()
        let (context, clock) = try context(written)
        let progress = ProgressLine(in: context)
        progress.begin("call")
        progress.progress(ProgressParams(token: "1", progress: 1))
        progress.end()
        clock.advance(by: .seconds(5))
        #expect(written.error.isEmpty)
    }

    @Test(arguments: [([:], false), (["TERM": "dumb"], true)])
    func withoutATerminalThatCanEraseNothingIsShown(_ variables: [String: String], _ isTerminal: Bool) throws {
        let written = Written()
        let (context, clock) = try context(written, variables: variables, isErrorTerminal: isTerminal)
        let progress = ProgressLine(in: context)
        progress.begin("call")
        clock.advance(by: .seconds(5))
        #expect(written.error.isEmpty)
    }

    @Test func otherOutputIsWrittenAboveTheLine() throws {
        let written = Written()
        let (context, clock) = try context(written)
        let progress = ProgressLine(in: context)
        progress.begin("call slow")
        clock.advance(by: .seconds(1))
        context.streams.error("Warning: something\n")
        #expect(written.error.contains("\r\u{1B}[JWarning: something\n"))
        #expect(written.error.hasSuffix("call slow 1 s\r"))
        context.streams.silence()
        #expect(written.error.hasSuffix("\r\u{1B}[J"))
    }
}
