import Foundation
import JSON
import TestSupport
import Testing

/// The shell at a real terminal emulator, as a developer uses it.
@Suite(
    .enabled(if: TerminalScreen.isAvailable, "\(TestPeers.absence)"),
    .timeLimit(.minutes(15))
)
struct ShellTests {
    private func demo(
        _ options: [String] = [],
        columns: Int = 80,
        environment: [String: String] = [:]
    ) async throws -> TerminalScreen {
        let screen = try await TerminalScreen(
            ["shell", "demo"] + options,
            columns: columns,
            environment: environment
        )
        try await screen.isAt("demo>")
        return screen
    }

    private func finish(_ screen: TerminalScreen) async throws {
        screen.type("\u{04}")
        #expect(try await screen.exitCode() == 0)
    }

    // MARK: - Commands

    @Test func commandsRunOneAfterTheOtherOverOneConnection() async throws {
        let screen = try await demo()
        #expect(screen.text.contains("Connected to demo-server"))
        screen.type("call add {\"a\": 1, \"b\": 2}\r")
        try await screen.shows("PASS: tool \"add\" returned a result")
        screen.type("call echo message='two words'\r")
        try await screen.shows("\n  two words\n")
        screen.type("nonsense\r")
        try await screen.shows("Unknown command \"nonsense\"")
        // The line of JSON is for scripts.
        #expect(!screen.text.contains("exit_code"))
        screen.type("status\r")
        try await screen.shows("PASS: Connected to")
        screen.type("quit\r")
        #expect(try await screen.exitCode() == 0)
    }

    @Test func aLineIsEditedWithWideCharactersInANarrowTerminal() async throws {
        let screen = try await demo(columns: 30)
        screen.type("call echo mesage=日本語日本語日本語")
        try await screen.wait { $0.text.contains("demo> call echo mesage=日本語") && $0.column > 0 }
        // To the beginning, four words on, and the missing letter.
        screen.type("\u{01}\u{1B}f\u{1B}f\u{1B}f\u{1B}[D\u{1B}[D\u{1B}[D\u{1B}[Ds\u{05}\u{7F}\u{7F}!")
        try await screen.wait { $0.text.contains("message=") && $0.text.contains("本語日!") }
        screen.type("\r")
        try await screen.shows("  日本語日本語日!")
        try await finish(screen)
    }

    @Test func theLineSurvivesAChangeOfTheTerminalsSize() async throws {
        let screen = try await demo()
        screen.type("call echo message=0123456789012345678901234567890123456789")
        try await screen.shows("6789")
        screen.resize(columns: 40, rows: 10)
        screen.type("X")
        try await screen.shows("9X")
        screen.type("\r")
        try await screen.shows("  01234567890123456789")
        try await finish(screen)
    }

    @Test func aPastedObjectOfSeveralLinesIsOneCommand() async throws {
        let screen = try await demo()
        screen.type("call add \u{1B}[200~{\n  \"a\": 40,\n  \"b\": 2\n}\n\u{1B}[201~")
        try await screen.shows("call add {   \"a\": 40,   \"b\": 2 }")
        screen.type("\r")
        try await screen.shows("PASS: tool \"add\"")
        try await finish(screen)
    }

    // MARK: - Completion

    @Test func tabCompletesCommandsNamesArgumentsAndValues() async throws {
        let screen = try await demo()
        screen.type("cal\t")
        try await screen.isAt("demo> call")
        screen.type("weat\t")
        try await screen.isAt("demo> call weather")
        screen.type("\t")
        try await screen.shows("city= (required, string)")
        screen.type("un\t")
        try await screen.isAt("demo> call weather unit=")
        screen.type("\t")
        try await screen.shows("fahrenheit")
        screen.type("\u{15}des\techo\r")
        try await screen.shows("Signature")
        screen.type("call \t\t")
        try await screen.shows("long_text")
        screen.type("\u{03}prompt summ\t\t")
        try await screen.shows("style=")
        screen.type("style=\t")
        try await screen.shows("bullets")
        try await finishAfterLine(screen)
    }

    @Test func tabAsksTheServerForTheValuesOfATemplate() async throws {
        let screen = try await demo()
        screen.type("read demo://weather/L\t\t")
        try await screen.shows("demo://weather/Lagos")
        #expect(screen.text.contains("demo://weather/London"))
        screen.type("is\t")
        try await screen.isAt("demo> read demo://weather/Lisbon")
        screen.type("\r")
        try await screen.shows("PASS: resource")
        try await finish(screen)
    }

    private func finishAfterLine(_ screen: TerminalScreen) async throws {
        screen.type("\u{03}\u{04}")
        #expect(try await screen.exitCode() == 0)
    }

    @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
    func aRestartBecauseOfChangedFilesIsShownAtThePrompt() async throws {
        let folder = try TemporaryFolder()
        let script = folder.path("server.py")
        let source = """
            from mcp.server.mcpserver import MCPServer
            server = MCPServer("watched")
            @server.tool()
            def NAME() -> str:
                return "NAME"
            server.run()
            """
        try source.replacing("NAME", with: "first").write(toFile: script, atomically: true, encoding: .utf8)
        let screen = try await TerminalScreen(["shell", "--cwd", folder.path, "--", TestPeers.mcp2.python, script])
        try await screen.isAt("server.py>")
        screen.type("restart --watch '*.py'\r")
        try await screen.shows("PASS: restarted")
        try await screen.isAt("server.py>")
        try source.replacing("NAME", with: "second").write(toFile: script, atomically: true, encoding: .utf8)
        try await screen.shows("· server.py changed: restarted")
        screen.type("call second\r")
        try await screen.shows("  second")
        try await finish(screen)
    }

    // MARK: - History

    @Test func theHistoryIsKeptAcrossSessionsWithoutSecrets() async throws {
        let folder = try TemporaryFolder()
        let variables = ["XDG_STATE_HOME": folder.path]
        let first = try await demo(environment: variables)
        first.type("call echo message=one\r")
        try await first.shows("  one")
        first.type("call echo message=two password=hunter2\r")
        try await first.shows("Error")
        first.type("call echo {\"message\": \"x\", \"api_key\": \"abc\"}\r")
        try await first.shows("FAIL")
        try await finish(first)
        let path = folder.path("mcp-test-mcp/history")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "call echo message=one\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let second = try await demo(environment: variables)
        second.type("\u{1B}[A")
        try await second.isAt("demo> call echo message=one")
        second.type("\u{15}\u{12}one")
        try await second.isAt("(search: one) call echo message=one")
        second.type("\r")
        try await second.shows("  one")
        try await finish(second)
    }

    // MARK: - Input requests, progress and cancellation

    private func python(_ peer: TestPeers, _ script: String, _ options: [String] = []) async throws -> TerminalScreen {
        let screen = try await TerminalScreen(
            ["shell"] + options + ["--", peer.python, TestPeers.script("servers/\(script)")]
        )
        try await screen.isAt("\(script)>")
        return screen
    }

    @Test(.enabled(if: TestPeers.fastmcp4.isAvailable, "\(TestPeers.absence)"), arguments: ["legacy", "modern"])
    func aFormIsFilledInOrDeclinedOrAnsweredLater(_ era: String) async throws {
        let screen = try await python(.fastmcp4, "fastmcp4_asking.py", ["--protocol", era])
        screen.type("call who\r")
        try await screen.shows("The server requests input: Who are you?")
        screen.type("y\r")
        try await screen.shows("  name (text")
        screen.type("Ada\r")
        try await screen.shows("accept Ada")
        screen.type("call who\r")
        try await screen.wait { $0.currentRow.hasPrefix("Fill in") }
        screen.type("decline\r")
        try await screen.shows("  decline")
        screen.type("call who\r")
        try await screen.wait { $0.currentRow.hasPrefix("Fill in") }
        screen.type("later\r")
        try await screen.shows("NEEDS_INPUT")
        screen.type("respond name=Grace\r")
        try await screen.shows("accept Grace")
        try await finish(screen)
    }

    @Test(.enabled(if: TestPeers.fastmcp3.isAvailable, "\(TestPeers.absence)"))
    func progressIsShownAndErasedAndControlCCancels() async throws {
        let screen = try await python(.fastmcp3, "fastmcp3_server.py")
        screen.type("call slow seconds=2\r")
        try await screen.shows("call slow ██")
        #expect(screen.text.contains("/10 step "))
        try await screen.shows("PASS: tool \"slow\"")
        #expect(!screen.text.contains("█"))
        screen.type("call slow seconds=600\r")
        try await screen.shows("call slow")
        try await screen.wait { $0.currentRow.contains("call slow") && $0.currentRow.contains(" s") }
        screen.type("\u{03}")
        try await screen.shows("cancelled")
        try await screen.isAt("fastmcp3_server.py>")
        // The connection still works.
        screen.type("call echo message=afterwards\r")
        try await screen.shows("  afterwards")
        try await finish(screen)
    }

    @Test(.enabled(if: TestPeers.fastmcp3.isAvailable, "\(TestPeers.absence)"))
    func aServerThatDiesIsReportedAndRestarted() async throws {
        let screen = try await python(.fastmcp3, "fastmcp3_server.py")
        screen.type("call crash\r")
        try await screen.shows("exited with code 3")
        try await screen.isAt("fastmcp3_server.py (ended)>")
        screen.type("restart\r")
        try await screen.shows("PASS: restarted")
        try await screen.isAt("fastmcp3_server.py>")
        screen.type("call echo message=alive\r")
        try await screen.shows("  alive")
        try await finish(screen)
    }

    @Test func whatComesWhileThePromptWaitsIsShownAboveTheLine() async throws {
        let folder = try TemporaryFolder()
        // The demo server, and beside it what writes and ends it when it is told so.
        let script = #"""
            exec 3<&0; mkfifo "$1/write" "$1/end"; "$0" demo <&3 &
            read order <"$1/write"; echo "something on standard error" >&2
            read order <"$1/end"; kill -9 $!; exit 7
            """#
        let screen = try await TerminalScreen(
            ["shell", "--", "/bin/sh", "-c", script, Product.path, folder.path]
        )
        try await screen.isAt("sh>")
        screen.type("call ec")
        try await screen.isAt("sh> call ec")
        try await order("write", folder)
        try await screen.shows("· stderr: something on standard error\nsh> call ec")
        try await order("end", folder)
        try await screen.shows("The connection has ended: ")
        // What was typed is still there, below.
        try await screen.wait { $0.currentRow.hasPrefix("sh> call ec") }
        screen.type("\t")
        try await screen.wait { $0.currentRow.hasPrefix("sh> call ec") }
        try await finishAfterLine(screen)
    }

    /// Lets the script of a test go on, which waits at a pipe.
    ///
    /// Each pipe is used once: a script that opens it again may still see the end of the first order.
    private func order(_ name: String, _ folder: TemporaryFolder) async throws {
        let path = folder.path(name)
        try await onThread {
            Result { try "go\n".write(toFile: path, atomically: false, encoding: .utf8) }
        }.get()
    }

    // MARK: - The terminal itself

    @Test func theTerminalIsAsBeforeAfterwards() async throws {
        let script = #""$0" shell demo; echo "code $?"; stty -a"#
        let screen = try await TerminalScreen(["-c", script, Product.path], executable: "/bin/sh")
        try await screen.isAt("demo>")
        screen.type("\u{04}")
        try await screen.shows("code 0")
        #expect(try await screen.exitCode() == 0)
        let settings = screen.text.split { $0.isWhitespace || $0 == ";" }
        #expect(settings.contains("icanon") && settings.contains("echo") && settings.contains("isig"), "\(screen.text)")
    }

    @Test func controlZLetsTheShellHaveTheTerminal() async throws {
        let script =
            #"set -m; "$0" shell demo; echo "stopped"; stty -a | grep -c -- ' echo '; fg >/dev/null; echo "code $?""#
        let screen = try await TerminalScreen(["-c", script, Product.path], executable: "/bin/bash")
        try await screen.isAt("demo>")
        screen.type("list --pro\u{1A}")
        try await screen.shows("stopped")
        try await screen.isAt("demo> list --pro")
        screen.type("mpts\r")
        try await screen.shows("PASS")
        screen.type("\u{04}")
        try await screen.shows("code 0")
    }
}
