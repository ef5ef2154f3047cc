import DemoServer
import HostConfiguration
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// What shells get for what is typed.
@Suite(.timeLimit(.minutes(15)))
struct CompletionTests {
    private let folder: TemporaryFolder
    private let written = Written()

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            #"{"mcpServers": {"github": {"command": "cat"}, "both": {"command": "cat"}}}"#,
            to: "home/.cursor/mcp.json"
        )
        try folder.write(#"{"mcpServers": {"both": {"command": "cat"}}}"#, to: "home/.codeium/windsurf/mcp_config.json")
    }

    private func context(_ variables: [String: String] = [:]) throws -> CommandContext {
        var context = try CommandContext.scripted(written, fixtures: false, variables: variables)
        let folder = folder
        context.surroundings = {
            HostSurroundings(home: folder.path("home"), directory: folder.path("home")) { _ in nil }
        }
        context.listingCache = ListingCache(directory: folder.path("cache"))
        // Other tests of this process may take all cores.
        context.completionLimit = .seconds(100)
        return context
    }

    /// The words that zsh gets.
    private func offered(_ words: [String], in context: CommandContext) async throws -> [String] {
        let before = written.out.count
        _ = try await run(["__complete", "zsh", "mcp-test-mcp"] + words, in: context)
        let lines = written.out.dropFirst(before).split(separator: "\n").dropFirst()
        return lines.map { String($0.split(separator: "\t", omittingEmptySubsequences: false)[0]) }
    }

    /// The lines that bash gets.
    private func lines(_ line: String, replacing replaced: String, in context: CommandContext) async throws -> [String]
    {
        let before = written.out.count
        _ = try await run(["__complete", "bash", line, replaced], in: context)
        return written.out.dropFirst(before).split(separator: "\n").map(String.init)
    }

    @Test func commandsAndOptionsAreOffered() async throws {
        let context = try context()
        #expect(try await offered(["ca"], in: context) == ["call", "capabilities"])
        #expect(try await offered(["call", "demo", "--js"], in: context) == ["--json"])
        #expect(
            try await offered(["install", "c"], in: context) == ["claude-desktop", "claude-code", "cursor", "codex"]
        )
        #expect(try await offered(["demo", "--fault", "crash"], in: context) == ["crash-on-call"])
        #expect(try await offered(["raw", "demo", "tools/"], in: context) == ["tools/call", "tools/list"])
        #expect(try await !offered([""], in: context).contains("__complete"))
    }

    @Test func targetsAreTheDemoServerAndConfiguredServersByTheirShortestName() async throws {
        let context = try context()
        let all = try await offered(["test", ""], in: context)
        #expect(
            all == ["demo", "@cursor:both", "@github", "@windsurf:both"]
                || Set(all).isSuperset(of: ["demo", "@github"])
        )
        #expect(try await offered(["test", "@g"], in: context) == ["@github"])
        #expect(try await Set(offered(["test", "@"], in: context)) == ["@github", "@cursor:both", "@windsurf:both"])
    }

    @Test func namesOfAServerAreListedOnceAndThenTakenFromTheCache() async throws {
        var context = try context()
        #expect(
            try await offered(["call", "demo", ""], in: context)
                == ["echo", "add", "divide", "weather", "slow", "long_text"]
        )
        // A target that cannot be reached any more.
        context.forbidServers()
        #expect(try await offered(["call", "demo", "w"], in: context) == ["weather"])
        #expect(
            try await offered(["call", "demo", "weather", ""], in: context) == [
                "city=", "unit=", "unit=celsius", "unit=fahrenheit",
            ]
        )
        #expect(try await offered(["call", "demo", "weather", "city=X", "un"], in: context).first == "unit=")
        #expect(try await offered(["call", "demo", "weather", "unit=celsius", "un"], in: context).isEmpty)
        #expect(try await offered(["read", "demo", "demo://w"], in: context) == ["demo://welcome"])
        #expect(try await offered(["prompt", "demo", ""], in: context) == ["summarize"])
        #expect(try await offered(["prompt", "demo", "summarize", "t"], in: context) == ["text="])
        #expect(
            try await offered(["complete", "demo", "--template", ""], in: context) == ["demo://weather/{city}"]
        )
        #expect(
            try await offered(["complete", "demo", "--template", "demo://weather/{city}", ""], in: context) == ["city"]
        )
    }

    @Test func anOrdinaryListKeepsTheNames() async throws {
        var context = try context()
        #expect(try await run(["list", "demo"], in: context) == .passed)
        context.forbidServers()
        #expect(try await offered(["call", "demo", "ec"], in: context) == ["echo"])
    }

    @Test func noServerIsStartedIfTheUserForbidsIt() async throws {
        var context = try context(["MCP_TEST_COMPLETION": "cached"])
        context.forbidServers()
        #expect(try await offered(["call", "demo", ""], in: context).isEmpty)
    }

    @Test(arguments: ["@github", "https://h.test/mcp"])
    func aKeyPressStartsNoConfiguredServerAndSendsNothing(target: String) async throws {
        var context = try context()
        let list = try await run(["list", target], in: context)
        #expect(list == .passed || list == .inconclusive)
        let known = try await offered(["call", target, ""], in: context)
        context.listingCache = ListingCache(directory: folder.path("empty"))
        context.forbidServers()
        #expect(try await offered(["call", target, ""], in: context).isEmpty)
        #expect(known.isEmpty || known.contains("echo"), "names of an ordinary list are used")
    }

    @Test func aServerThatDoesNotAnswerIsGivenUpSoonAndLeftAlone() async throws {
        var context = try CommandContext.scripted(written, faults: [.silent])
        let folder = folder
        context.surroundings = { HostSurroundings(home: folder.path("home"), directory: folder.path) { _ in nil } }
        context.listingCache = ListingCache(directory: folder.path("cache"))
        context.completionLimit = .milliseconds(10)
        #expect(try await offered(["call", "demo", ""], in: context).isEmpty)
        context.forbidServers()
        #expect(try await offered(["call", "demo", ""], in: context).isEmpty)
    }

    @Test func theKeyOfAServerDependsOnEverythingThatStartsIt() {
        let target = Target(command: "python3", arguments: ["a.py"])
        let key = target.cacheKey(in: "/w")
        #expect(key == target.cacheKey(in: "/w"))
        #expect(key != target.cacheKey(in: "/x"))
        #expect(key != Target(command: "python3", arguments: ["b.py"]).cacheKey(in: "/w"))
        #expect(key != Target(command: "python3", arguments: ["a.py"], environment: ["A": ""]).cacheKey(in: "/w"))
        #expect(!key.contains("python"))
    }

    @Test func bashGetsOnlyThePartOfAWordThatItReplaces() async throws {
        let context = try context()
        #expect(
            try await lines("mcp-test-mcp read demo demo://w", replacing: "//w", in: context) == [
                "words\t", "//welcome",
            ]
        )
        #expect(
            try await lines("mcp-test-mcp call demo weather unit=", replacing: "", in: context)
                == ["words\t", "celsius", "fahrenheit"]
        )
        #expect(
            try await lines("mcp-test-mcp call demo --color=n", replacing: "n", in: context) == [
                "words\t--color=", "never",
            ]
        )
        #expect(
            try await lines(
                "mcp-test-mcp complete demo --template demo://weather/",
                replacing: "//weather/",
                in: context
            )
                == ["words\t", #"//weather/\{city\}"#]
        )
        #expect(
            try await lines(
                #"mcp-test-mcp complete demo --template "demo://weather/"#,
                replacing: "demo://weather/",
                in: context
            )
                == ["words\t", "demo://weather/{city}"]
        )
    }

    @Test func filesAreLeftToTheShell() async throws {
        let context = try context()
        #expect(try await lines("mcp-test-mcp test ser", replacing: "ser", in: context) == ["files\t"])
        #expect(try await lines("mcp-test-mcp call demo echo @ar", replacing: "ar", in: context) == ["files\t@"])
        #expect(
            try await lines("mcp-test-mcp list demo --cwd=x", replacing: "x", in: context) == ["directories\t--cwd="]
        )
        #expect(try await lines("mcp-test-mcp list -- pyth", replacing: "pyth", in: context) == ["command\t"])
    }

    @Test func textOfAServerCannotControlTheShell() throws {
        let answer = CompletionAnswer(candidates: [.init(word: "a\n\u{1B}[2J$(id)", description: "b\nc\td")])
        for shell in CompletionShell.allCases {
            let lines = answer.lines(for: shell, TypedLine(words: [], current: ""), replacing: "")
            #expect(lines.count == 2)
            #expect(!lines[1].unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" })
            #expect(lines[1].split(separator: "\t").count == (shell == .bash ? 1 : 2))
            if shell == .bash { #expect(lines[1].hasSuffix(#"\$\(id\)"#), "\(lines[1])") }
        }
    }

    @Test(arguments: CompletionShell.allCases)
    func eachShellHasItsScript(shell: CompletionShell) async throws {
        #expect(try await run(["completions", shell.rawValue], in: context()) == .passed)
        #expect(written.out.contains("__complete \(shell.rawValue) "))
    }
}

extension CommandContext {
    /// Reports every server that is started from now on.
    fileprivate mutating func forbidServers() {
        makeTransport = { [makeTransport] target in
            Issue.record("a server is started")
            return makeTransport(target)
        }
    }
}
