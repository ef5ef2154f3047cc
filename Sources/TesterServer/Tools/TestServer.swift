import JSON
import MCP
import Tester

extension TesterTool {
    static let testServer = TesterTool(
        "test_server",
        title: "Test a server",
        """
        Test the connected server, or the one at url: list and validate everything. With quick_test false also call read-only \
        tools, read resources, render prompts, and try the other protocol era and the shutdown.
        """,
        parameters: [
            "url": parameter("string", "Server for this test alone, as in connect_to_server."),
            "connection_name": connectionName,
            "quick_test": parameter("boolean", "Only list and validate (default: true)."),
            "call": strings("Tools to call although they are not read-only."),
        ],
        effect: .mayDestroy(isIdempotent: false),
        result: [.object("summary")]
    ) { (session, input, host) throws(Failure) in
        var request = TestRequest(input.string("connection_name"))
        request.isFull = input.isGiven("quick_test") && !input.bool("quick_test")
        request.calls = input.strings("call")
        let relay = host
        request.onProgress = { progress in
            var params = ProgressParams(json: [:])
            params.progress = Double(progress.done)
            params.total = Double(progress.total)
            params.message = progress.step
            relay.progress(params)
        }
        guard input.isGiven("url") else { return await session.testServer(request) }
        return await session.testServer(
            at: try await ConnectInput(input, limits: session.limits, surroundings: session.surroundings).request,
            request
        )
    }
}
