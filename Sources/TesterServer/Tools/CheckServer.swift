import Conformance
import JSON
import MCP
import Tester

extension TesterTool {
    static let checkServer = TesterTool(
        "check_server",
        title: "Check conformance",
        """
        Check the server, or the one at url, against the specification in every revision it speaks.
        """,
        parameters: [
            "url": parameter("string", "As in test_server."),
            "connection_name": connectionName,
            "level": choice(Check.Level.allCases.map(\.rawValue)),
            "only": strings("Check names."),
            "revision": ["type": "string"],
            "allow_writes": ["type": "boolean"],
        ],
        effect: .mayDestroy(isIdempotent: false),
        result: [.object("conformance")]
    ) { (session, input, host) throws(Failure) in
        var request = CheckRequest()
        request.connection = input.string("connection_name")
        request.putsEvidenceLast = true
        request.options = try options(input)
        let relay = host
        request.options.onProgress = { done, total, step in
            var params = ProgressParams(json: [:])
            params.progress = Double(done)
            params.total = Double(total)
            params.message = step
            relay.progress(params)
        }
        guard input.isGiven("url") else { return await session.check(request) }
        let target = try await ConnectInput(input, limits: session.limits, surroundings: session.surroundings)
        return await session.check(request, at: target.request)
    }

    private static func options(_ input: ToolInput) throws(Failure) -> ConformanceOptions {
        var options = ConformanceOptions()
        // Advice fills the room that failures need.
        options.level = input.string("level").flatMap(Check.Level.init(rawValue:)) ?? .should
        options.only = try Check.known(input.strings("only"))
        options.revision = try input.string("revision").map { name throws(Failure) in try Check.revision(name) }
        options.allowsWrites = input.bool("allow_writes")
        return options
    }
}
