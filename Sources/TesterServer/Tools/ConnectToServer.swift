import JSON
import MCP
import Tester

extension TesterTool {
    static let connectToServer = TesterTool(
        "connect_to_server",
        title: "Connect",
        """
        Connect to an MCP server by URL, or start one and connect over stdio. Give url, or command with args. A new \
        connection replaces the one of the same name once it works; the name alone restarts that one.
        """,
        parameters: [
            "url": parameter("string", "Server URL, script, executable or command line; `demo` is built in."),
            "server": parameter("string", "Configured server: its name, or `host:name`."),
            "config": parameter("string", "Configuration file of `server` (default: those of known hosts)."),
            "command": parameter("string", "Program to start, such as `uv`."),
            "args": strings("Its arguments; no shell interprets them."),
            "env": variables("Environment variables to add. Never shown."),
            "cwd": parameter("string", "Working directory."),
            "headers": variables("HTTP headers of every request. Never shown."),
            "auth": [
                "type": ["string", "object"],
                "description":
                    "Bearer token, {type: bearer, token} or {type: oauth, client_id, client_secret}. Never shown.",
            ],
            "transport": parameter(
                "string",
                "For a URL: auto (default; sse if it ends in /sse), streamable-http or sse."
            ),
            "ca_file": parameter("string", "PEM file with more certificates to trust."),
            "insecure": parameter("boolean", "Skip certificate verification; every verdict says so."),
            "follow_redirects": parameter("boolean", "Follow redirects to the same origin, never to others."),
            "name": parameter("string", "Connection name (default: `default`)."),
            "outlives_session": parameter(
                "boolean",
                "Keep the connection when this session ends; use its connection_id. It closes when idle."
            ),
            "protocol": parameter(
                "string",
                "auto (default), legacy (initialize), modern (stateless), or a revision such as \(Revision.latestLegacy.wireName)."
            ),
            "input_policy": variables(
                "What to do with input requests, per kind (elicitation, sampling, roots): `ask` (default) returns "
                    + "`needs_input`; `decline`; `accept_defaults` (elicitation); `forward` to this host; `llm` (sampling; "
                    + "the model at LLM_URL); `off` declares no support."
            ),
            "roots": strings("file: URIs of root directories."),
            "timeout": [
                "type": "number", "exclusiveMinimum": 0, "description": "Connect timeout in seconds (default: 30).",
            ],
        ],
        effect: .mayDestroy(isIdempotent: false),
        result: [.object("connection")]
    ) { (session, input, host) throws(Failure) in
        let targets = ["url", "command", "server", "config"]
        if !targets.contains(where: input.isGiven), let name = input.string("name"),
            session.knowsConnection(name)
        {
            return await session.restart(TesterSession.RestartRequest(name))
        }
        let parsed = try await ConnectInput(input, limits: session.limits, surroundings: session.surroundings)
        var report = await session.connect(parsed.request, login: host.loginStep)
        report.findings += parsed.findings
        return report
    }
}
