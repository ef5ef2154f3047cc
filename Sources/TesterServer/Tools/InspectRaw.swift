import JSON
import Tester

extension TesterTool {
    static let inspectRaw = TesterTool(
        "inspect_raw",
        title: "Inspect a raw request",
        "Show the exact bytes and HTTP headers of any request; with `send`, also send it and show the response. `exchange` shows a past one. Without arguments, list past exchanges.",
        parameters: [
            "method": optional("string", "Method, such as tools/list."),
            "params": optional("object", "Parameters of the method."),
            "bytes": optional("string", "Raw text to send instead of a method, valid or not."),
            "send": optional("boolean", "Send it (default: false)."),
            "exchange": optional("integer", "Number of a past exchange."),
            "headers": headers,
            "connection_name": connectionName,
            "timeout": timeout,
        ],
        effect: .mayDestroy(isIdempotent: false)
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
