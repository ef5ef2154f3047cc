import JSON
import Tester

extension TesterTool {
    static let inspectRaw = TesterTool(
        "inspect_raw",
        title: "Inspect a raw request",
        """
        Show the exact bytes and HTTP headers of any request; `send` also sends it and shows the response. `exchange` \
        shows a past one. Without arguments, list past exchanges.
        """,
        parameters: [
            "method": parameter("string", "Method, such as tools/list."),
            "params": parameter("object", "Its parameters."),
            "bytes": parameter("string", "Text to send instead, valid or not."),
            "send": parameter("boolean", "Send it."),
            "exchange": parameter("integer", "Number of a past exchange."),
            "headers": variables("As in call_tool."),
            "connection_name": connectionName,
            "timeout": timeout,
        ],
        effect: .mayDestroy(isIdempotent: false),
        result: [
            .optional("request", "object", "null"), .optional("response", "object", "null"),
            .optional("exchanges", "array"),
        ]
    ) { (session, input, _) throws(Failure) in
        await session.inspect(
            try inspection(input),
            headers: input.fields("headers"),
            on: input.string("connection_name"),
            limits: input.limits
        )
    }

    private static func inspection(_ input: ToolInput) throws(Failure) -> TesterSession.Inspection {
        let given = ["method", "bytes", "exchange"].filter { input.isGiven($0) }
        guard given.count <= 1 else {
            throw .usage(
                "\(given.map { "`\($0)`" }.joined(separator: " and ")) exclude each other.",
                nextStep: "Give one of them."
            )
        }
        if let number = input.int("exchange") { return .exchange(number) }
        let isSent = input.bool("send")
        if let text = input.string("bytes") { return .request(.bytes(Array(text.utf8)), isSent: isSent) }
        if let method = input.string("method") {
            return .request(.method(method, params: input.object("params")), isSent: isSent)
        }
        if input.isGiven("params") || isSent {
            throw .usage("Missing `method` or `bytes`.", nextStep: "Give a method, such as tools/list, or bytes.")
        }
        return .exchanges
    }
}
