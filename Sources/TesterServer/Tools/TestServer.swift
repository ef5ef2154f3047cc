import JSON
import MCP
import Tester

extension TesterTool {
    static let testServer = TesterTool(
        "test_server",
        title: "Test a server",
        """
        Test the connected server, or the one at url: list and validate everything. With quick_test false also call read-only \
        tools, read resources, render prompts, try the other protocol era and the shutdown. Reports what was not exercised.
        """,
        parameters: [
            "url": optional("string", "Server to start or connect to for this test alone, as in connect_to_server."),
            "connection_name": connectionName,
            "quick_test": optional("boolean", "Only list and validate (default: true)."),
            "call": [
                "type": "array", "items": ["type": "string"],
                "description": "Names of tools that may be called although not declared read-only.",
            ],
        ],
        effect: .mayDestroy(isIdempotent: false)
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
