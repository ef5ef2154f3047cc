import JSON
import MCP

/// The parts of a tool result, as received.
struct ToolResultParts {
    /// All content blocks.
    let content: JSONText?
    /// The text of the first block if it is a text block.
    let firstText: JSONText?
    /// Whether the content is one plain text block.
    let isJustText: Bool
    let structuredContent: JSONText?
    let isError: Bool
    let resultType: String?
    /// The members other than the content, under the names that reports give them.
    let others: [(key: String, text: JSONText)]
    private let isObject: Bool

    init(_ result: JSONText) {
        var content: JSONText?
        var structured: JSONText?
        var isError: JSONText?
        var resultType: String?
        var others: [(key: String, text: JSONText)] = []
        for (key, text) in result.members ?? [] {
            switch key {
            case "content": content = text
            case "structuredContent":
                structured = text
                others.append(("structured_content", text))
            case "isError":
                isError = text
                others.append(("is_error", text))
            case "_meta": others.append(("meta", text))
            default:
                if key == "resultType" { resultType = text.string }
                others.append((key, text))
            }
        }
        self.content = content
        structuredContent = structured
        self.isError = isError?.bool ?? false
        self.resultType = resultType
        self.others = others
        isObject = result.kind == .object
        let blocks = content?.elements ?? []
        let first = blocks.first?.members ?? []
        let isText = first.contains { $0.key == "type" && $0.text.string == "text" }
        firstText = isText ? first.last { $0.key == "text" && $0.text.kind == .string }?.text : nil
        isJustText = blocks.count == 1 && firstText != nil && first.count == 2
    }

    /// Whether the first text begins like the report of an error.
    var looksLikeError: Bool {
        guard let bytes = firstText?.bytes, bytes.count > 6 else { return false }
        // The quote, and the word in either case.
        let word = bytes.dropFirst().prefix(5).map { $0 | 0x20 }
        guard word == Array("error".utf8) else { return false }
        let next = bytes[bytes.startIndex + 6]
        return ![UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z")].contains {
            $0.contains(next)
        }
    }

    /// Why this is not a result of a tool call; `nil` if it is.
    func protocolFailure(during label: String, in revision: Revision) -> Failure? {
        guard isObject else {
            return failure("The result of \(label) is not an object.", "Return an object with content.")
        }
        if let failure = ResultKind.failure(of: resultType, during: label, in: revision) { return failure }
        guard content?.kind == .array else {
            return failure(
                "The result of \(label) has no array \"content\".",
                "Return content: an array of blocks, which may be empty."
            )
        }
        return nil
    }

    private func failure(_ message: String, _ nextStep: String) -> Failure {
        Failure(.protocolError, .executionError, message, nextStep: nextStep)
    }
}
