import JSON
import Tester

extension TesterTool {
    static let listConfiguredServers = TesterTool(
        "list_configured_servers",
        title: "List configured servers",
        """
        List the MCP servers in the configuration files of Claude Desktop, Claude Code, Cursor, VS Code, Windsurf, Codex, \
        Gemini CLI and Zed, with file, line and problems. Starts none; connect_to_server takes the name as `server`.
        """,
        parameters: ["config": optional("string", "File to read instead, such as an mcp.json.")],
        effect: .readsTester
    ) { (session, input, _) throws(Failure) in
        session.listConfiguredServers(config: input.string("config"))
    }
}
