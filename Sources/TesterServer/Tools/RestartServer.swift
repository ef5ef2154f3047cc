import JSON
import Tester

extension TesterTool {
    static let restartServer = TesterTool(
        "restart_server",
        title: "Restart a server",
        """
        Restart the connected server with the same command, environment and credentials (or connect to its URL again), and \
        show how its tools, resources, prompts, capabilities and instructions changed, and which changes break clients.
        """,
        parameters: [
            "connection_name": connectionName,
            "build": [
                "type": ["string", "array"], "items": ["type": "string"],
                "description": "Command to run first, without a shell. If it fails, nothing is restarted.",
            ],
            "repeat_last": optional("boolean", "Repeat the last failed call, and compare (default: false)."),
            "watch": [
                "type": "array", "items": ["type": "string"],
                "description": "Globs (src/**/*.py) of files whose changes restart the server; [] turns it off.",
            ],
        ],
        effect: .mayDestroy(isIdempotent: false)
    ) { (session, input, host) throws(Failure) in
        var request = TesterSession.RestartRequest(input.string("connection_name"))
        if let line = input.string("build") { request.build = try BuildCommand(line: line) }
        if input.value("build")?.array != nil { request.build = try BuildCommand(words: input.strings("build")) }
        request.repeatsLastFailure = input.bool("repeat_last")
        if input.isGiven("watch") { request.watch = input.strings("watch") }
        request.relay = host
        return await session.restart(request)
    }
}
