import JSON
import Tester

extension TesterTool {
    static let readResult = TesterTool(
        "read_result",
        title: "Read more of a result",
        "Read what an earlier result omitted, by its handle: a part of it, the next characters or elements, or a search. Handles expire with their connection.",
        parameters: [
            "handle": required("string", "Handle such as @3."),
            "select": optional("string", "JSON Pointer, or JSONPath beginning with $ (default: the whole result)."),
            "offset": optional("integer", "Characters of a string or elements of an array to skip."),
            "limit": optional("integer", "Characters or elements to show (default: what fits)."),
            "search": optional("string", "Text to find in the selected strings."),
            "save_to": optional("string", "New file for the selected value; media is decoded."),
        ],
        required: ["handle"],
        effect: .readsTester
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
