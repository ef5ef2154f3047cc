import JSON
import Tester

extension TesterTool {
    static let compare = TesterTool(
        "compare",
        title: "Compare results",
        """
        Send one call on two connections, or compare it with an earlier exchange. Times and ids that vary are listed apart.
        """,
        parameters: [
            "tool": parameter("string", "Tool to call. Give tool, uri or prompt."),
            "uri": parameter("string", "Resource to read."),
            "prompt": parameter("string", "Prompt to get."),
            "arguments": parameter("object", "Arguments of the tool or prompt."),
            "with": parameter("string", "Second connection."),
            "exchange": parameter("integer", "Earlier exchange; without a call, its request is sent again."),
            "connection_name": connectionName,
            "timeout": timeout,
        ],
        effect: .mayDestroy(isIdempotent: false),
        result: [.value("differences", "array"), .optional("identical", "boolean")]
    ) { (session, input, _) throws(Failure) in
        let other: TesterSession.ComparedWith
        switch (input.string("with"), input.int("exchange")) {
        case (let name?, nil): other = .connection(name)
        case (nil, let number?): other = .exchange(number)
        default:
            throw .usage(
                "Give either `with` or `exchange`.",
                nextStep: "Name the second connection in `with`, or give the number of an earlier exchange."
            )
        }
        return await session.compare(
            try comparedCall(input),
            with: other,
            on: input.string("connection_name"),
            limits: input.limits
        )
    }

    private static func comparedCall(_ input: ToolInput) throws(Failure) -> TesterSession.ComparedCall {
        let arguments = input.text("arguments")
        switch (input.string("tool"), input.string("uri"), input.string("prompt")) {
        case (let tool?, nil, nil): return .tool(tool, arguments: arguments)
        case (nil, let uri?, nil): return .resource(uri)
        case (nil, nil, let prompt?): return .prompt(prompt, arguments: arguments)
        case (nil, nil, nil): return .earlierRequest
        default:
            throw .usage("`tool`, `uri` and `prompt` exclude each other.", nextStep: "Give one of them.")
        }
    }
}
