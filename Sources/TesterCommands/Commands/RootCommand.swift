import ArgumentParser

/// The program's command line.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Program.name,
        abstract: "Test MCP servers: connect, list, call, and report what really happened.",
        usage: """
            mcp-test-mcp COMMAND TARGET ... [options]
            mcp-test-mcp COMMAND ... [options] -- SERVER-COMMAND [ARGUMENT ...]
            mcp-test-mcp
            """,
        discussion: """
            \(targetHelp)

            Examples:
            \(examples.map { "  \($0)" }.joined(separator: "\n"))

            More: `doctor` checks the installation, `completions` prints completion scripts for bash, zsh and fish, and \
            `man` prints the manual.

            Exit codes: \(Exit.meanings.map { "\($0.code) \($0.meaning)" }.joined(separator: ", ")). Each code but 0 \
            comes with one line of JSON on standard error, unless that is a terminal.
            """,
        version: Program.fullVersion,
        subcommands: [
            ServeCommand.self, TestCommand.self, RunCommand.self, CheckCommand.self, ChecksCommand.self,
            LockCommand.self,
            DiffCommand.self,
            MergeCommand.self, InitCommand.self, ImportCommand.self, ShellCommand.self, ListCommand.self,
            CallCommand.self,
            ReadCommand.self,
            PromptCommand.self,
            CapabilitiesCommand.self, DescribeCommand.self, ValidateCommand.self, CompleteCommand.self,
            CompareCommand.self, SkillsCommand.self, RawCommand.self, DemoCommand.self,
            ServersCommand.self, InstallCommand.self, AuthCommand.self,
            DoctorCommand.self, SchemaCommand.self, CompletionsCommand.self, ManualCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )

    /// What can be given as TARGET.
    static let targetHelp = """
        TARGET is the server to test: a URL (http:// or https://), a file (.py, .js, .mjs, .ts or any executable), "demo" \
        for the built-in server, @NAME for one that is configured in a host (see 'mcp-test-mcp servers'), or a command \
        after --. Without COMMAND, mcp-test-mcp runs as an MCP server that offers the same to an AI assistant.
        """

    static let examples = [
        "mcp-test-mcp test demo",
        "mcp-test-mcp list server.py",
        "mcp-test-mcp test http://localhost:8000/mcp",
        "mcp-test-mcp call server.py echo message=hello",
        "mcp-test-mcp test @github",
        "mcp-test-mcp test -- npx -y @modelcontextprotocol/server-everything",
    ]
}
