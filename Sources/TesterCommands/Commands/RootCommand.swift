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
            TARGET is the server to test: a URL (http:// or https://), a file (.py, .js, .mjs, .ts or any executable), "demo" \
            for the built-in server, @NAME for one that is configured in a host (see 'mcp-test-mcp servers'), or a command \
            after --. Without COMMAND, mcp-test-mcp runs as an MCP server that offers \
            the same to an AI assistant.

            Examples:
              mcp-test-mcp test demo
              mcp-test-mcp list server.py
              mcp-test-mcp test http://localhost:8000/mcp
              mcp-test-mcp call server.py echo message=hello
              mcp-test-mcp test @github
              mcp-test-mcp test -- npx -y @modelcontextprotocol/server-everything

            Exit codes: 0 passed, 1 a check or a tool failed, 2 invalid command line, 3 could not run or was inconclusive, \
            5 the server requests input that no one can give, 130 interrupted. Each code but 0 comes with one line of JSON \
            on standard error.
            """,
        version: "\(Program.name) \(Program.version)",
        subcommands: [
            ServeCommand.self, TestCommand.self, ListCommand.self, CallCommand.self, ReadCommand.self,
            PromptCommand.self,
            CapabilitiesCommand.self, DescribeCommand.self, ValidateCommand.self, CompleteCommand.self,
            CompareCommand.self, SkillsCommand.self, RawCommand.self, DemoCommand.self,
            ServersCommand.self, InstallCommand.self, AuthCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )
}
