import ArgumentParser

/// The program's command line.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Program.name,
        abstract: "Tests MCP servers: connects to one, shows what it has, calls it, and tells what really happened.",
        usage: """
            mcp-test-mcp COMMAND TARGET ... [options]
            mcp-test-mcp COMMAND ... [options] -- SERVER-COMMAND [ARGUMENT ...]
            mcp-test-mcp
            """,
        discussion: """
            TARGET is the server to test: a URL (http:// or https://), a file (.py, .js, .mjs, .ts or any executable), "demo" \
            for the built-in one, or a command after --. Without a command, this program serves the same to an AI assistant over MCP.

            Try:
              mcp-test-mcp test demo
              mcp-test-mcp list server.py
              mcp-test-mcp test http://localhost:8000/mcp
              mcp-test-mcp call server.py echo message=hello
              mcp-test-mcp test -- npx -y @modelcontextprotocol/server-everything

            Exit codes: 0 passed, 1 a check or a tool failed, 2 wrong use, 3 could not run or be found out, 5 the server asks \
            something that nobody can answer, 130 interrupted. Each but 0 comes with one line of JSON on standard error.
            """,
        version: "\(Program.name) \(Program.version)",
        subcommands: [
            ServeCommand.self, TestCommand.self, ListCommand.self, CallCommand.self, ReadCommand.self,
            PromptCommand.self,
            RawCommand.self, DemoCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )
}
