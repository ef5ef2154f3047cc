import ArgumentParser
import Tester

/// Prints the manual page.
struct ManualCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Print the manual page, made from this help.",
        usage: "mcp-test-mcp man",
        discussion: """
            Examples:
              mcp-test-mcp man | man -l -
              mcp-test-mcp man > ~/.local/share/man/man1/mcp-test-mcp.1
            """
    )

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        context.streams.out(ManualPage(.shared).text)
        return .passed
    }
}
