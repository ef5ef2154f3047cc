import JSON
import Tester

extension TesterTool {
    static let compare = TesterTool(
        "compare",
        title: "Compare results",
        "Send the same call on two connections, or now and compare with an earlier exchange. Shows added, removed, changed and reordered values; times and ids that vary are listed apart.",
        parameters: [
            "tool": optional("string", "Tool to call. Give tool, uri or prompt."),
            "uri": optional("string", "Resource to read."),
            "prompt": optional("string", "Prompt to get."),
            "arguments": optional("object", "Arguments of the tool or prompt."),
            "with": optional("string", "Second connection, by name or ID."),
            "exchange": optional("integer", "Earlier exchange; without a call, its request is sent again."),
            "connection_name": connectionName,
            "timeout": timeout,
        ],
        effect: .mayDestroy(isIdempotent: false)
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
