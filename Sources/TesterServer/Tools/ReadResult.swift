import JSON
import Tester

extension TesterTool {
    static let readResult = TesterTool(
        "read_result",
        title: "Read more of a result",
        "Read what an earlier result omitted, by its handle: a part, the next characters or elements, or a search.",
        parameters: [
            "handle": parameter("string", "Handle such as @3."),
            "select": parameter("string", "JSON Pointer, or JSONPath beginning with $ (default: everything)."),
            "offset": parameter("integer", "Characters or elements to skip."),
            "limit": parameter("integer", "Characters or elements to show (default: what fits)."),
            "search": parameter("string", "Text to find in the selected strings."),
            "save_to": parameter("string", "New file for the selected value; media is decoded."),
        ],
        required: ["handle"],
        effect: .readsTester,
        result: [.optional("value"), .optional("matches", "array"), .optional("next_offset", "integer")]
    ) { (session, input, _) throws(Failure) in
        await session.readResult(
            input.string("handle") ?? "",
            ResultSelection(
                select: input.string("select"),
                offset: input.int("offset") ?? 0,
                limit: input.int("limit"),
                search: input.string("search"),
                file: input.string("save_to")
            ),
            in: input.view(session.view)
        )
    }
}
