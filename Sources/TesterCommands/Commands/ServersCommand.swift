import ArgumentParser
import Tester

/// Lists the servers in the configuration files of hosts.
struct ServersCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "servers",
        abstract: "List the servers that are configured in hosts such as Claude Code, Cursor or VS Code.",
        usage: "mcp-test-mcp servers [--config FILE] [options]",
        discussion: """
            Reads the files of Claude Desktop, Claude Code, Cursor, VS Code, Windsurf, Codex, Gemini CLI and Zed, of the user \
            and of the project in the working directory. Starts none of the servers. Every command takes one as @NAME, or as \
            @HOST:NAME if several hosts have it:
              mcp-test-mcp test @github
              mcp-test-mcp call @cursor:github search query=swift
            """
    )

    @Option(help: .config)
    var config: String?

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        var settings = TesterSettings(info: Program.identity, makeTransport: context.makeTransport)
        settings.surroundings = context.surroundings
        let session = TesterSession(settings: settings, clock: context.clock)
        return context.show(session.listConfiguredServers(config: config), as: output)
    }
}

extension ArgumentHelp {
    /// The file with configured servers.
    static let config = ArgumentHelp(
        "File with the configured servers, such as an mcp.json (default: those of all hosts).",
        valueName: "file"
    )
}
