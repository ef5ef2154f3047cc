import Foundation
import JSON
import TestSupport
import Testing

/// The README and the pages of the guide match the program.
@Suite(.timeLimit(.minutes(15)))
struct ReadmeTests {
    /// The text of a page of the guide.
    private static func page(_ name: String) throws -> String {
        try String(contentsOfFile: "\(packageRoot)/Documentation/Guide/\(name).md", encoding: .utf8)
    }
    private static let commands = [
        "serve", "test", "run", "check", "lock", "diff", "init", "import", "merge", "schema", "auth", "shell", "list",
        "call",
        "read", "prompt", "capabilities",
        "describe", "validate", "complete",
        "compare",
        "skills", "raw", "demo", "servers", "install", "doctor", "completions", "man",
    ]

    /// The cells of the first column of a table, found by its heading.
    private func firstColumn(of table: String, on page: String) throws -> [String] {
        let lines = try Self.page(page).split(separator: "\n", omittingEmptySubsequences: false)
        let head = try #require(lines.firstIndex { $0.hasPrefix("| \(table) |") }, "\(page) has no table of \(table)s")
        return lines[(head + 2)...].prefix { $0.hasPrefix("|") }.map {
            $0.split(separator: "|")[0].trimmingCharacters(in: .whitespaces)
        }
    }

    private func words(_ pattern: Regex<Substring>, in text: String) -> Set<String> {
        Set(text.matches(of: pattern).map { String($0.output) })
    }

    private func help(_ arguments: [String]) async throws -> String {
        let run = try await RunningProgram.run(arguments)
        #expect(run.code == 0, "\(run)")
        #expect(run.errors.isEmpty, "\(run)")
        return run.text
    }

    @Test func theFirstCommandOfTheReadmeWorks() async throws {
        let prefix = "    swift run -c release mcp-test-mcp "
        let text = try String(contentsOfFile: "\(packageRoot)/README.md", encoding: .utf8)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix(prefix) }
        let first = try #require(lines.first).dropFirst(prefix.count).split(separator: " ").map(String.init)
        #expect(first == ["test", "demo"])
        #expect(try await RunningProgram.run(first).code == 0)
    }

    @Test func theGuideHasEveryCommand() async throws {
        let overview = try await help(["--help"])
        let rows = try firstColumn(of: "command", on: "Commands").joined(separator: "\n")
        for command in Self.commands {
            #expect(overview.contains("\n  \(command) "), "\(command)")
            #expect(rows.contains("`\(command)"), "the page does not have \(command)")
        }
        #expect(try await help(["--version"]).hasPrefix("mcp-test-mcp "))
        #expect(try await help(["help"]) == overview)
    }

    @Test(arguments: commands)
    func everyCommandHasHelp(_ command: String) async throws {
        let text = try await help([command, "--help"])
        #expect(text.contains("USAGE: mcp-test-mcp"))
        #expect(try await help(["help", command]) == text)
    }

    @Test func everyOptionOfTheGuideIsInTheHelp() async throws {
        // Up to the first section: what all commands have in common.
        let lines = try Self.page("Commands").split(separator: "\n").dropFirst().prefix { !$0.hasPrefix("#") }
        let options = words(/--[a-z][a-z-]+/, in: lines.joined(separator: "\n")).union(["-v"])
        #expect(options.isSuperset(of: ["--json", "--protocol", "--bytes", "--fault"]))
        var texts = ""
        for command in Self.commands { texts += try await help([command, "--help"]) }
        for option in options { #expect(texts.contains("\(option) ") || texts.contains("\(option),"), "\(option)") }
    }

    @Test func everyVariableOfTheGuideIsInTheHelp() async throws {
        let variables = try firstColumn(of: "variable", on: "Settings").reduce(into: Set()) {
            $0.formUnion(words(/[A-Z][A-Z_]+/, in: $1))
        }
        let text = try await help(["serve", "--help"]) + help(["completions", "--help"])
        #expect(variables == words(/(?:MCP_TEST|LLM)_[A-Z_]+/, in: text))
    }

    @Test func theToolsOfTheGuideAreTheToolsOfTheServer() async throws {
        let names = try firstColumn(of: "tool", on: "Tools").reduce(into: Set()) {
            $0.formUnion(words(/[a-z_]+/, in: $1))
        }
        let host = try await Host.connected(["--tools", "all,suites,auth"])
        let tools = try #require(try await host.ask("tools/list")["result"]?["tools"]?.array)
        #expect(Set(tools.compactMap { $0["name"]?.string }) == names)
        #expect(await host.finish().code == 0)
    }

    @Test func theExampleWithACommandAfterTwoDashesWorks() async throws {
        #expect(try Self.page("Commands").contains("`mcp-test-mcp call echo message=hi -- uv run server.py`"))
        let run = try await RunningProgram.run(["call", "echo", "message=hi", "--", Product.path, "demo"])
        #expect(run.code == 0, "\(run)")
    }
}
