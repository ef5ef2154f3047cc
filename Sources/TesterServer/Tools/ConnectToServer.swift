import JSON
import MCPClient
import Tester

extension TesterTool {
    static let connectToServer = TesterTool(
        "connect_to_server",
        title: "Connect to a server",
        """
        Start an MCP server and connect to it over stdio. Give either url, the path of the server's file (.py, .js, .mjs, .ts \
        or an executable), or command with args. Connecting again under the same name ends the old connection and starts the \
        server afresh, so do that after changing its code. Nothing is listed yet. On failure the answer has the server's exit \
        status and standard error.
        """,
        parameters: [
            "url": optional(
                "string",
                "Path of the server's file, or its command on one line. Not needed with command."
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
                "description": "HTTP headers; without meaning for stdio.",
            ],
            "auth": [
                "type": ["string", "object", "null"],
                "description": "Credentials for HTTP; without meaning for stdio.",
            ],
            "name": optional("string", "Name of the connection, to have several at once; \"default\" if left out."),
            "protocol": optional(
                "string",
                "auto (default: finds out), legacy (initialize), modern (stateless), or one revision by its date."
            ),
            "timeout": [
                "type": ["number", "null"], "exclusiveMinimum": 0,
                "description": "Seconds to wait until the connection is made; 30 if left out.",
            ],
        ],
        reads: false
    ) { (session, input) throws(Failure) in
        var request = TesterSession.ConnectRequest(target: try input.target(), name: input.string("name") ?? "default")
        if let text = input.string("protocol") {
            guard let era = EraChoice(text) else {
                throw .usage(
                    "\"\(text)\" is no protocol: give auto, legacy, modern or one of \(EraChoice.revisionNames).",
                    nextStep: "Leave protocol out to let the connection find out."
                )
            }
            request.era = era
        }
        if let seconds = input.number("timeout")?.double {
            var limits = session.limits
            limits.connect = .seconds(seconds)
            request.limits = limits
        }
        var answer = await session.connect(request)
        for name in ["headers", "auth"] where input.isGiven(name) {
            answer.findings.append(
                Answer.Finding(.usage, "\(name) has no meaning for a stdio server and was not used.")
            )
        }
        return answer
    }
}

extension ToolInput {
    /// The server that the arguments name: a command, or the path of a file.
    fileprivate func target() throws(Failure) -> Target {
        if let command = string("command"), !command.isEmpty {
            return Target(
                command: command,
                arguments: strings("args"),
                environment: variables("env"),
                workingDirectory: string("cwd")
            )
        }
        guard let path = string("url"), !path.isEmpty else {
            throw .usage(
                "Neither url nor command was given.",
                nextStep: "Give url, the path of the server's file, or command and args."
            )
        }
        return try TargetResolver().resolve(
            path,
            arguments: strings("args"),
            environment: variables("env"),
            workingDirectory: string("cwd")
        )
    }
}
