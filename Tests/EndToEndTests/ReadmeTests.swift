import Foundation
import JSON
import TestSupport
import Testing

/// The README matches the program.
@Suite(.timeLimit(.minutes(15)))
struct ReadmeTests {
    private static let text = Result { try String(contentsOfFile: "\(packageRoot)/README.md", encoding: .utf8) }
    private static let commands = [
        "serve", "test", "run", "init", "merge", "schema", "shell", "list", "call", "read", "prompt", "capabilities",
        "describe", "validate", "complete",
        "compare",
        "skills", "raw", "demo", "servers", "install", "doctor", "completions", "man",
    ]

    /// The cells of the first column of a table, found by its heading.
    private func firstColumn(of table: String) throws -> [String] {
        let lines = try Self.text.get().split(separator: "\n", omittingEmptySubsequences: false)
        let head = try #require(lines.firstIndex { $0.hasPrefix("| \(table) |") }, "README has no table of \(table)s")
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
        let lines = try Self.text.get().split(separator: "\n").filter { $0.hasPrefix(prefix) }
        let first = try #require(lines.first).dropFirst(prefix.count).split(separator: " ").map(String.init)
        #expect(first == ["test", "demo"])
        #expect(try await RunningProgram.run(first).code == 0)
    }

    @Test func theReadmeHasEveryCommand() async throws {
        let overview = try await help(["--help"])
        let rows = try firstColumn(of: "command").joined(separator: "\n")
        for command in Self.commands {
            #expect(overview.contains("\n  \(command) "), "\(command)")
            #expect(rows.contains("`\(command)"), "README does not have \(command)")
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

    @Test func everyOptionOfTheReadmeIsInTheHelp() async throws {
        let section = try #require(try Self.text.get().split(separator: "## On the command line").last)
        let options = words(/--[a-z][a-z-]+/, in: String(section.prefix { $0 != "#" })).union(["-v"])
        #expect(options.isSuperset(of: ["--json", "--protocol", "--bytes", "--fault"]))
        var texts = ""
        for command in Self.commands { texts += try await help([command, "--help"]) }
        for option in options { #expect(texts.contains("\(option) ") || texts.contains("\(option),"), "\(option)") }
    }

    @Test func everyVariableOfTheReadmeIsInTheHelp() async throws {
        let variables = try firstColumn(of: "variable").reduce(into: Set()) {
            $0.formUnion(words(/[A-Z][A-Z_]+/, in: $1))
        }
        let text = try await help(["serve", "--help"]) + help(["completions", "--help"])
        #expect(variables == words(/(?:MCP_TEST|LLM)_[A-Z_]+/, in: text))
    }

    @Test func theToolsOfTheReadmeAreTheToolsOfTheServer() async throws {
        let names = try firstColumn(of: "tool").reduce(into: Set()) { $0.formUnion(words(/[a-z_]+/, in: $1)) }
        let host = try await Host.connected(["--tools", "all"])
        let tools = try #require(try await host.ask("tools/list")["result"]?["tools"]?.array)
        #expect(Set(tools.compactMap { $0["name"]?.string }) == names)
        #expect(await host.finish().code == 0)
    }

    @Test func theExampleWithACommandAfterTwoDashesWorks() async throws {
        #expect(try Self.text.get().contains("`mcp-test-mcp call echo message=hi -- uv run server.py`"))
        let run = try await RunningProgram.run(["call", "echo", "message=hi", "--", Product.path, "demo"])
        #expect(run.code == 0, "\(run)")
    }
}
