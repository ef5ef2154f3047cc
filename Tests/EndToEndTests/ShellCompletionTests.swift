import Foundation
import JSON
import TestSupport
import Testing

/// Completions in real shells, each at a terminal of its own, and the manual page in real programs.
@Suite(.timeLimit(.minutes(15)))
struct ShellCompletionTests {
    private static func path(of program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A home directory with the program in `bin`, a configured server and files to complete.
    private func home() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("bin/mcp-test-mcp"),
            withDestinationPath: Product.path
        )
        try folder.write(
            #"{"mcpServers": {"zebra": {"command": "\#(Product.path)", "args": ["demo"]}}}"#,
            to: ".cursor/mcp.json"
        )
        try folder.write(#"{"message": "from a file"}"#, to: "my arguments.json")
        return folder
    }

    /// What is typed, and what the screen shows after it; only a line that was completed works.
    private static let steps: JSONValue = [
        ["ready> "],
        // The names are known from here on.
        "mcp-test-mcp list dem\t--col\tnev\t\r", ["(text, style?)"], ["ready> "],
        "mcp-test-mcp call demo ech\tmes\thi\r", [#"{"message":"hi"}"#], ["ready> "],
        "mcp-test-mcp read demo demo://wel\t\r", ["# Demo server"], ["ready> "],
        "mcp-test-mcp call demo weather city=X unit=fah\t\r", [#""unit":"fahrenheit""#], ["ready> "],
        "mcp-test-mcp list @zeb\t--prompts --color=nev\t\r", ["(text, style?)"], ["ready> "],
        "mcp-test-mcp call demo echo @my\t\r", ["from a file"], ["ready> "],
        "mcp-test-mcp list --prompts --color never -- mcp-test-mc\tdemo\r", ["(text, style?)"], ["ready> "],
    ]

    private func type(into command: [String], _ home: TemporaryFolder, _ variables: [String: String] = [:]) async throws
    {
        let environment = [
            "HOME": home.path, "XDG_CACHE_HOME": home.path("cache"), "XDG_CONFIG_HOME": home.path(".config"),
            "XDG_DATA_HOME": home.path(".local/share"), "TERM": "xterm", "MCP_TEST_COMPLETION": "full",
        ]
        let terminal = try await RunningProgram(
            ["-S", "-E", TestPeers.script("keystrokes.py"), Self.steps.description] + command,
            environment: environment.merging(variables) { $1 },
            in: home.path,
            executable: FaultyServer.python
        )
        let run = await terminal.ended()
        #expect(run.code == 0, "\(run)")
    }

    @Test(
        .enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"),
        .enabled(if: path(of: "bash") != nil, "bash is not installed")
    )
    func namesAreCompletedInBash() async throws {
        let home = try home()
        let start = """
            PATH="$HOME/bin:$PATH"
            PS1='ready> '
            source <(mcp-test-mcp completions bash)
            """
        try home.write(start, to: "start.bash")
        try await type(into: ["bash", "--noprofile", "--rcfile", home.path("start.bash"), "-i"], home)
    }

    @Test(
        .enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"),
        .enabled(if: path(of: "zsh") != nil, "zsh is not installed")
    )
    func namesAreCompletedInZsh() async throws {
        let home = try home()
        let start = """
            PATH="$HOME/bin:$PATH"
            PS1='ready> '
            source <(mcp-test-mcp completions zsh)
            """
        try home.write(start, to: ".zshrc")
        try await type(into: ["zsh", "-d", "-i"], home, ["ZDOTDIR": home.path])
    }

    @Test(
        .enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"),
        .enabled(if: path(of: "zsh") != nil, "zsh is not installed")
    )
    func theZshScriptAlsoWorksAsAFileInTheFunctionPath() async throws {
        let home = try home()
        let script = try await RunningProgram.run(["completions", "zsh"])
        try home.write(script.text, to: "functions/_mcp-test-mcp")
        let start = """
            PATH="$HOME/bin:$PATH"
            PS1='ready> '
            fpath=("$HOME/functions" $fpath)
            autoload -Uz compinit && compinit -u -D
            """
        try home.write(start, to: ".zshrc")
        try await type(into: ["zsh", "-d", "-i"], home, ["ZDOTDIR": home.path])
    }

    @Test(
        .enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"),
        .enabled(if: path(of: "fish") != nil, "fish is not installed")
    )
    func namesAreCompletedInFish() async throws {
        let home = try home()
        let start = """
            set -x PATH "$HOME/bin" $PATH
            function fish_prompt; echo -n 'ready> '; end
            mcp-test-mcp completions fish | source
            """
        try home.write(start, to: ".config/fish/config.fish")
        try await type(into: ["fish", "-i"], home)
    }

    // MARK: - The width of a terminal

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), arguments: [40, 80, 120])
    func outputFitsTheTerminal(columns: Int) async throws {
        for command in [["list", "demo"], ["test", "demo"], ["call", "demo", "long_text"]] {
            let steps: JSONValue = [["No findings"], ["\n"]]
            let words = ["--size", "\(columns)", steps.description, Product.path] + command + ["--color", "never"]
            let terminal = try await RunningProgram(
                ["-S", "-E", TestPeers.script("keystrokes.py")] + words,
                executable: FaultyServer.python
            )
            let run = await terminal.ended()
            #expect(run.code == 0, "\(run)")
            let lines = run.text.split(whereSeparator: \.isNewline)
            #expect(lines.count > 3)
            for line in lines {
                // What shows progress is erased before the report.
                let shown = line.split(separator: /\x1B\[[JK]/).last ?? ""
                #expect(shown.count <= columns, "\(line)")
            }
        }
    }

    // MARK: - The manual page

    @Test(.enabled(if: path(of: "mandoc") != nil, "mandoc is not installed"))
    func mandocFindsNothingWrongWithTheManual() async throws {
        try await check("\"$0\" man | mandoc -Tlint -Wwarning")
    }

    @Test(.enabled(if: path(of: "groff") != nil, "groff is not installed"))
    func groffFindsNothingWrongWithTheManual() async throws {
        try await check("\"$0\" man | groff -man -ww -Tutf8 >/dev/null")
    }

    private func check(_ script: String) async throws {
        let run = try await RunningProgram(script: script).finish()
        #expect(run.code == 0 && run.text.isEmpty && run.errors.isEmpty, "\(run)")
    }
}
