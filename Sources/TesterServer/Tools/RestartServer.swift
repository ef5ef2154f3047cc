import JSON
import Tester

extension TesterTool {
    static let restartServer = TesterTool(
        "restart_server",
        title: "Restart a server",
        """
        Restart the server as it was started, or connect to its URL again. Shows how its tools, resources, prompts, \
        capabilities and instructions changed, and what breaks clients.
        """,
        parameters: [
            "connection_name": connectionName,
            "build": [
                "type": ["string", "array"], "items": ["type": "string"],
                "description": "Command to run first, without a shell; if it fails, nothing restarts.",
            ],
            "repeat_last": parameter("boolean", "Repeat the last failed call, and compare."),
            "watch": strings("Globs (src/**/*.py) of files whose changes restart the server; [] turns it off."),
        ],
        effect: .mayDestroy(isIdempotent: false),
        result: [.object("connection"), .optional("difference", "object")]
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
