public import JSON

/// What a server answered.
public struct Outcome: Sendable {
    /// What was asked, such as `call of add`.
    public let label: String
    /// Whether it is the result of a tool that reported an error (`isError`).
    public let isError: Bool
    /// All text of the answer, with a line feed between its parts.
    public let text: String
    /// The structured content of a tool's result.
    public let structured: JSONValue?
    /// The report of the tester: the answer as the server sent it, timing, checks, findings.
    ///
    /// It has no secrets.
    public let report: JSONValue

    init(_ label: String, _ answer: Answer, of report: JSONValue) {
        self.label = label
        self.report = report
        isError = answer.isError
        text = answer.texts.joined(separator: "\n")
        structured = answer.structured
    }

    /// The structured content, or else the text read as JSON; nil if it is none.
    public var json: JSONValue? {
        if let structured { return structured }
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            return nil
        }
    }
}

extension Outcome {
    /// An answer as a report shows it.
    struct Answer {
        var isError = false
        var texts: [String] = []
        var structured: JSONValue?

        /// The result of a tool in the form of the drop-in: its only text, or else its content.
        static func tool(_ call: JSONValue) -> Answer {
            let texts = call["content"].map(texts) ?? [call["result"]?.string].compactMap(\.self)
            return Answer(texts: texts, structured: call["structuredContent"])
        }

        /// The result of a tool as it was sent.
        static func toolResult(_ result: JSONValue) -> Answer {
            Answer(
                isError: result["isError"]?.bool ?? false,
                texts: result["content"].map(texts) ?? [],
                structured: result["structuredContent"]
            )
        }

        static func resource(_ resource: JSONValue) -> Answer {
            Answer(texts: [resource["content"]?.string].compactMap(\.self))
        }

        static func prompt(_ prompt: JSONValue) -> Answer {
            let contents = prompt["messages"]?.array?.compactMap { $0["content"] } ?? []
            return Answer(texts: contents.flatMap { texts($0.array == nil ? .array([$0]) : $0) })
        }

        private static func texts(_ content: JSONValue) -> [String] {
            content.array?.compactMap { $0["text"]?.string } ?? []
        }
    }
}
