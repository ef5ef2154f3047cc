extension Host {
    /// All known hosts.
    ///
    /// Each comment names the page that describes the files.
    public static let all: [Host] = [
        claudeDesktop, claudeCode, cursor, visualStudioCode, windsurf, codex, geminiCLI, zed,
    ]

    // https://modelcontextprotocol.io/docs/develop/connect-local-servers
    //
    // It replaces no references to variables, and starts servers without the PATH of a shell.
    static let claudeDesktop = Host(
        id: "claude-desktop",
        name: "Claude Desktop",
        readsShellPath: false,
        format: .json,
        readsStrictJSON: true,
        locations: [
            HostLocation(
                scope: .user,
                path: "{appdata}/Claude/claude_desktop_config.json",
                keys: ["mcpServers"]
            )
        ]
    )

    // https://code.claude.com/docs/en/mcp: the scopes, and "Environment variable expansion in .mcp.json". Comments make
    // Claude Code 2.1 ignore the file.
    static let claudeCode = Host(
        id: "claude-code",
        name: "Claude Code",
        program: "claude",
        format: .json,
        readsStrictJSON: true,
        locations: [
            HostLocation(scope: .local, path: "{claude}/.claude.json", keys: ["projects", "{project}", "mcpServers"]),
            HostLocation(scope: .project, path: "{project}/.mcp.json", keys: ["mcpServers"]),
            HostLocation(scope: .user, path: "{claude}/.claude.json", keys: ["mcpServers"]),
        ],
        entries: EntryFormat(otherKeys: ["headersHelper", "oauth", "timeout", "alwaysLoad"]),
        variables: [.bracedName, .defaultValue],
        entryPrefix: [("type", "stdio")]
    )

    // https://cursor.com/docs/context/mcp: "Configuration locations" and "Config interpolation".
    static let cursor = Host(
        id: "cursor",
        name: "Cursor",
        program: "cursor",
        format: .json,
        locations: [
            HostLocation(scope: .project, path: "{project}/.cursor/mcp.json", keys: ["mcpServers"]),
            HostLocation(scope: .user, path: "~/.cursor/mcp.json", keys: ["mcpServers"]),
        ],
        entries: EntryFormat(readsEnvironmentFile: true, otherKeys: ["auth"]),
        variables: [.environmentPrefix, .editor]
    )

    // https://code.visualstudio.com/docs/copilot/reference/mcp-configuration and
    // https://code.visualstudio.com/docs/reference/variables-reference. Until 2025 the user's servers were in
    // settings.json.
    static let visualStudioCode = Host(
        id: "vscode",
        name: "VS Code",
        program: "code",
        format: .json,
        locations: [
            HostLocation(
                scope: .project,
                path: "{project}/.vscode/mcp.json",
                keys: ["servers"],
                inputKeys: ["inputs"]
            ),
            HostLocation(
                scope: .user,
                path: "{appdata}/Code/User/mcp.json",
                keys: ["servers"],
                inputKeys: ["inputs"]
            ),
            HostLocation(
                scope: .user,
                path: "{appdata}/Code/User/settings.json",
                keys: ["mcp", "servers"],
                inputKeys: ["mcp", "inputs"]
            ),
        ],
        entries: EntryFormat(
            readsEnvironmentFile: true,
            otherKeys: ["dev", "sandbox", "sandboxEnabled", "gallery", "version", "oauth"]
        ),
        variables: [.environmentPrefix, .editor, .input],
        entryPrefix: [("type", "stdio")]
    )

    // https://docs.windsurf.com/windsurf/cascade/mcp: "mcp_config.json" and "Config Interpolation".
    static let windsurf = Host(
        id: "windsurf",
        name: "Windsurf",
        program: "windsurf",
        format: .json,
        locations: [
            HostLocation(scope: .user, path: "~/.codeium/windsurf/mcp_config.json", keys: ["mcpServers"])
        ],
        entries: EntryFormat(
            urlKeys: [("serverUrl", .automatic), ("url", .automatic)],
            otherKeys: ["disabledTools", "alwaysAllow"]
        ),
        variables: [.environmentPrefix, .filePrefix]
    )

    // https://developers.openai.com/codex/mcp. It replaces no references; `env_vars`, `env_http_headers` and
    // `bearer_token_env_var` name variables.
    static let codex = Host(
        id: "codex",
        name: "Codex",
        program: "codex",
        format: .toml,
        locations: [
            HostLocation(scope: .project, path: "{project}/.codex/config.toml", keys: ["mcp_servers"]),
            HostLocation(scope: .user, path: "{codex}/config.toml", keys: ["mcp_servers"]),
        ],
        entries: EntryFormat(
            urlKeys: [("url", .http)],
            headersKey: "http_headers",
            variableHeadersKey: "env_http_headers",
            tokenVariableKey: "bearer_token_env_var",
            forwardedVariablesKey: "env_vars",
            otherKeys: [
                "startup_timeout_sec", "startup_timeout_ms", "tool_timeout_sec", "required", "enabled_tools",
                "disabled_tools", "scopes", "oauth", "oauth_resource", "tools", "supports_parallel_tool_calls",
                "default_tools_approval_mode", "experimental_environment", "http_headers_helper", "bearer_token",
            ]
        )
    )

    // https://geminicli.com/docs/tools/mcp-server and https://geminicli.com/docs/cli/configuration. `url` is HTTP+SSE
    // and `httpUrl` is Streamable HTTP, unless `type` says otherwise.
    static let geminiCLI = Host(
        id: "gemini-cli",
        name: "Gemini CLI",
        program: "gemini",
        format: .json,
        locations: [
            HostLocation(
                scope: .system,
                path: "/etc/gemini-cli/settings.json",
                macPath: "/Library/Application Support/GeminiCli/settings.json",
                keys: ["mcpServers"]
            ),
            HostLocation(scope: .project, path: "{project}/.gemini/settings.json", keys: ["mcpServers"]),
            HostLocation(scope: .user, path: "~/.gemini/settings.json", keys: ["mcpServers"]),
        ],
        entries: EntryFormat(
            urlKeys: [("httpUrl", .http), ("url", .sse)],
            otherKeys: [
                "trust", "includeTools", "excludeTools", "oauth", "authProviderType", "targetAudience",
                "targetServiceAccount",
            ]
        ),
        variables: [.plainName, .bracedName]
    )

    // https://zed.dev/docs/ai/mcp, and https://zed.dev/docs/configuring-zed for the files. It replaces no references.
    static let zed = Host(
        id: "zed",
        name: "Zed",
        program: "zed",
        format: .json,
        locations: [
            HostLocation(scope: .project, path: "{project}/.zed/settings.json", keys: ["context_servers"]),
            HostLocation(scope: .user, path: "{config}/zed/settings.json", keys: ["context_servers"]),
        ],
        entries: EntryFormat(
            urlKeys: [("url", .http)],
            hasNestedCommand: true,
            hasExtensions: true,
            otherKeys: ["source", "settings", "remote", "oauth"]
        )
    )

    // A file that the user names and that belongs to no known host.
    static func file(_ format: ConfigurationDocument.Format) -> Host {
        Host(
            id: "file",
            name: "the given file",
            format: format,
            locations: [],
            entries: format == .toml
                ? codex.entries
                : EntryFormat(
                    urlKeys: [("url", .automatic), ("httpUrl", .http), ("serverUrl", .automatic)],
                    readsEnvironmentFile: true,
                    hasNestedCommand: true
                ),
            variables: format == .toml ? [] : [.bracedName, .defaultValue, .environmentPrefix, .editor, .input]
        )
    }

    // Where servers may be in a file that belongs to no known host.
    static let serverKeys = [
        ["mcpServers"], ["servers"], ["context_servers"], ["mcp_servers"], ["mcp", "servers"],
    ]
}
