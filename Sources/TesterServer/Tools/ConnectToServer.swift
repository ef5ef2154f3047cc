import JSON
import Tester

extension TesterTool {
    static let connectToServer = TesterTool(
        "connect_to_server",
        title: "Connect to a server",
        """
        Connect to an MCP server: over HTTP by its URL, or over stdio by starting it. Give either url (an http:// or https:// \
        URL, or the path of the server's file: .py, .js, .mjs, .ts or an executable), or command with args. Connecting again \
        under the same name ends the old connection and starts the server afresh, so do that after changing its code. Nothing \
        is listed yet. On failure the answer has the server's exit status and standard error, or the exchange over HTTP.
        """,
        parameters: [
            "url": optional(
                "string",
                "URL of the server, or the path of its file, or its command on one line. Not needed with command."
            ),
            "command": optional("string", "Program to start, such as \"uv\" or \"npx\"."),
            "args": [
                "type": ["array", "null"], "items": ["type": "string"],
                "description": "Arguments of the program, each by itself; no shell reads them.",
            ],
            "env": [
                "type": ["object", "null"], "additionalProperties": ["type": "string"],
                "description": "Environment variables set for the server beside those it inherits. Never shown again.",
            ],
            "cwd": optional("string", "Directory to start the server in."),
            "headers": [
                "type": ["object", "null"], "additionalProperties": ["type": "string"],
                "description": "HTTP headers for every request to a URL. Values are never shown again.",
            ],
            "auth": [
                "type": ["string", "object", "null"],
                "description":
                    "Bearer token for a URL: a string, or {\"type\": \"bearer\", \"token\": …}. Never shown again.",
            ],
            "transport": optional(
                "string",
                "For a URL: auto (default: finds out; HTTP+SSE where it ends in /sse), streamable-http or sse."
            ),
            "ca_file": optional(
                "string",
                "PEM file of certificates to trust beside the system's, for an https:// URL."
            ),
            "insecure": optional("boolean", "Do not verify the server's certificate; every verdict then says so."),
            "follow_redirects": optional("boolean", "Follow redirects to the same origin; others never are."),
            "name": optional("string", "Name of the connection, to have several at once; \"default\" if left out."),
            "outlives_session": optional(
                "boolean",
                "For hosts that open a session a call: it stays when this session ends, goes by its connection_id alone, and "
                    + "ends when unused (idle_timeout_seconds)."
            ),
            "protocol": optional(
                "string",
                "auto (default: finds out), legacy (initialize), modern (stateless), or one revision by its date."
            ),
            "input_policy": [
                "type": ["object", "null"],
                "additionalProperties": ["type": "string"],
                "description": .string(
                    "How questions of the server are met, by kind (elicitation, sampling, roots): ask (default: the call "
                        + "answers needs_input), decline, accept_defaults (elicitation), forward (to this host, where it "
                        + "can), llm (sampling: the model of LLM_URL is asked), off (the capability is not declared)."
                ),
            ],
            "roots": [
                "type": ["array", "null"], "items": ["type": "string"],
                "description": "file: URIs of root directories to tell the server without asking.",
            ],
            "timeout": [
                "type": ["number", "null"], "exclusiveMinimum": 0,
                "description": "Seconds to wait until the connection is made; 30 if left out.",
            ],
        ],
        reads: false
    ) { (session, input, _) throws(Failure) in
        let asked = try ConnectInput(input, limits: session.limits)
        var report = await session.connect(asked.request)
        report.findings += asked.findings
        return report
    }
}
