import JSON
import MCP
import Tester

extension TesterTool {
    static let connectToServer = TesterTool(
        "connect_to_server",
        title: "Connect to a server",
        """
        Connect to an MCP server over HTTP, or start one and connect over stdio. Give url (a URL, a script or executable, or \
        `demo` for the built-in server), or command with args. A connection of the same name is replaced once the new one \
        works; only the name of a connection restarts it. On failure the result contains the server's exit status and \
        standard error, or the HTTP exchange.
        """,
        parameters: [
            "url": optional(
                "string",
                "Server URL, script path, or command line; `demo` is the built-in server. Omit when `command` is given."
            ),
            "server": optional("string", "Name of a configured server, or `host:name`; see list_configured_servers."),
            "config": optional("string", "Configuration file with `server` (default: those of all hosts)."),
            "command": optional("string", "Program to start, such as `uv` or `npx`."),
            "args": [
                "type": "array", "items": ["type": "string"],
                "description": "Arguments of the program. They are not interpreted by a shell.",
            ],
            "env": [
                "type": "object", "additionalProperties": ["type": "string"],
                "description":
                    "Environment variables for the server, in addition to inherited ones. Values are never shown.",
            ],
            "cwd": optional("string", "Working directory of the server (default: that of this tester)."),
            "headers": [
                "type": "object", "additionalProperties": ["type": "string"],
                "description": "HTTP headers for every request to a URL. Values are never shown.",
            ],
            "auth": [
                "type": ["string", "object"],
                "description": .string(
                    "Bearer token for a URL: a string, or {\"type\": \"bearer\", \"token\": …}; or {\"type\": \"oauth\", "
                        + "\"client_id\": …, \"client_secret\": …}. If omitted, a stored login is used. Never shown."
                ),
            ],
            "transport": optional(
                "string",
                "Transport for a URL: auto, streamable-http or sse (default: auto, which uses sse if the URL ends in /sse)."
            ),
            "ca_file": optional(
                "string",
                "PEM file with certificates to trust in addition to the system's."
            ),
            "insecure": optional(
                "boolean",
                "Skip verification of the server's certificate; every verdict says so (default: false)."
            ),
            "follow_redirects": optional(
                "boolean",
                "Follow redirects to the same origin; cross-origin redirects are never followed (default: false)."
            ),
            "name": optional("string", "Connection name, for several connections at once (default: `default`)."),
            "outlives_session": optional(
                "boolean",
                "Keep the connection when this session ends, for hosts that open a session per call (default: false). Address "
                    + "it by its connection_id. It closes when idle (idle_timeout_seconds)."
            ),
            "protocol": optional(
                "string",
                "auto, legacy (with initialize), modern (stateless), or a revision such as \(Revision.latestLegacy.wireName) (default: auto)."
            ),
            "input_policy": [
                "type": "object",
                "additionalProperties": ["type": "string"],
                "description": .string(
                    "What to do when the server requests input, per kind (elicitation, sampling, roots): `ask` (default) "
                        + "returns `needs_input`; `decline`; `accept_defaults` (elicitation only); `forward` to this host if "
                        + "it supports that; `llm` (sampling only) uses the model of LLM_URL; `off` does not declare the "
                        + "capability."
                ),
            ],
            "roots": [
                "type": "array", "items": ["type": "string"],
                "description": "file: URIs of root directories, sent to the server on request.",
            ],
            "timeout": [
                "type": "number", "exclusiveMinimum": 0,
                "description": "Connect timeout in seconds (default: 30).",
            ],
        ],
        effect: .mayDestroy(isIdempotent: false)
    ) { (session, input, _) throws(Failure) in
        let targets = ["url", "command", "server", "config"]
        if !targets.contains(where: input.isGiven), let name = input.string("name"),
            session.knowsConnection(name)
        {
            return await session.restart(TesterSession.RestartRequest(name))
        }
        let parsed = try await ConnectInput(input, limits: session.limits, surroundings: session.surroundings)
        var report = await session.connect(parsed.request)
        report.findings += parsed.findings
        return report
    }
}
