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
        var isError = false
        var resultType: String?
        var others: [(key: String, text: JSONText)] = []
        isObject = result.kind == .object
        if isObject {
            result.scanMembers { raw, member in
                let text = result.slice(member.value)
                if member.isNamed("content", in: raw) { return content = text }
                switch member.name(in: raw) {
                case "structuredContent":
                    structured = text
                    others.append(("structured_content", text))
                case "isError":
                    isError = text.bool ?? false
                    others.append(("is_error", text))
                case "_meta": others.append(("meta", text))
                case let key:
                    if key == "resultType" { resultType = text.string }
                    others.append((key, text))
                }
            }
        }
        self.content = content
        structuredContent = structured
        self.isError = isError
        self.resultType = resultType
        self.others = others
        let blocks = content.map(Blocks.init) ?? Blocks()
        firstText = blocks.firstIsText ? blocks.firstText : nil
        isJustText = blocks.count == 1 && firstText != nil && blocks.firstMemberCount == 2
    }

    /// What matters of the content blocks.
    private struct Blocks {
        private(set) var count = 0
        private(set) var firstIsText = false
        private(set) var firstText: JSONText?
        private(set) var firstMemberCount = 0

        init() {}

        init(_ content: JSONText) {
            content.scanElements { block in
                count += 1
                if count == 1, block.kind == .object { readFirst(block) }
            }
        }

        private mutating func readFirst(_ block: JSONText) {
            block.scanMembers { raw, member in
                firstMemberCount += 1
                let text = block.slice(member.value)
                if member.isNamed("type", in: raw) {
                    if text.string == "text" { firstIsText = true }
                } else if member.isNamed("text", in: raw), text.kind == .string {
                    firstText = text
                }
            }
        }
    }

    /// Whether the first text begins like the report of an error.
    var looksLikeError: Bool {
        guard let bytes = firstText?.bytes, bytes.count > 6 else { return false }
        // After the quote, the word in either case.
        let start = bytes.startIndex + 1
        for (offset, letter) in "error".utf8.enumerated() where bytes[start + offset] | 0x20 != letter { return false }
        return !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[start + 5] | 0x20)
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
