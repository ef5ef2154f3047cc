import JSON
import Tester

extension TesterTool {
    static let listConfiguredServers = TesterTool(
        "list_configured_servers",
        title: "List configured servers",
        """
        List the MCP servers that Claude Desktop, Claude Code, Cursor, VS Code, Windsurf, Codex, Gemini CLI and Zed have \
        configured. connect_to_server takes one as `server`.
        """,
        parameters: ["config": parameter("string", "File to read instead, such as an mcp.json.")],
        effect: .readsTester,
        result: [.list("servers")]
    ) { (session, input, _) throws(Failure) in
        session.listConfiguredServers(config: input.string("config"))
    }
}
