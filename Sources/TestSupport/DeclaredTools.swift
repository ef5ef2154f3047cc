public import JSON
import JSONSchema

/// The tools that the tester declares, against which every result that it returns is checked.
public struct DeclaredTools: Sendable {
    /// What is never cut, in tokens: a text may take this much even if the caller wants less.
    public static let smallestBudget = 300

    private let schemas: [String: JSONSchema]

    /// Compiles the output schemas of listed tools; each must have one.
    ///
    /// - Throws: ``Undeclared``, or an error if a schema is invalid.
    public init(_ tools: [JSONValue]) throws {
        var schemas: [String: JSONSchema] = [:]
        for tool in tools {
            guard let name = tool["name"]?.string, let schema = tool["outputSchema"] else {
                throw Undeclared(tool: tool["name"]?.string ?? "\(tool)")
            }
            schemas[name] = try JSONSchema(schema)
        }
        self.schemas = schemas
    }

    /// A tool has no output schema.
    public struct Undeclared: Error {
        let tool: String
    }

    /// What is wrong with the result of a call; empty if nothing is.
    ///
    /// - Parameters:
    ///   - result: The result, with text and structured content.
    ///   - arguments: The arguments of the call, which may set the budget of the text.
    ///   - isVerbose: The default of `verbose`.
    ///   - tokens: The default budget of the text.
    public func problems(
        in result: JSONValue,
        of tool: String,
        _ arguments: JSONValue = [:],
        isVerbose: Bool? = nil,
        tokens: Int? = nil
    ) -> [String] {
        guard let structured = result["structuredContent"] else { return ["\(tool) has no structured content"] }
        guard let text = result["content"]?[0]?["text"]?.string, result["content"]?.array?.count == 1 else {
            return ["\(tool) does not have one text"]
        }
        var problems = schemaProblems(structured, tool) + Self.problems(in: structured)
        problems += Self.problems(in: text, structured)
        let isVerbose = arguments["verbose"]?.bool ?? isVerbose
        let wanted = arguments["max_tokens"]?.int ?? tokens ?? (isVerbose == true ? 24_000 : 1500)
        let limit = 4 * min(max(wanted, Self.smallestBudget), 24_000)
        if text.utf8.count > limit { problems.append("the text has \(text.utf8.count) bytes; at most \(limit)") }
        return problems.map { "\(tool) \(arguments): \($0)" }
    }

    private func schemaProblems(_ structured: JSONValue, _ tool: String) -> [String] {
        guard let schema = schemas[tool] else { return ["the tool is not listed"] }
        switch schema.validate(structured).outcome {
        case .valid: return []
        case .invalid(let violations): return violations.map(\.message)
        case .inconclusive(let limit): return ["not validated: \(limit)"]
        }
    }

    /// What every result has, whatever the tool.
    private static func problems(in structured: JSONValue) -> [String] {
        var problems: [String] = []
        if structured["verdict"]?.string.map({ $0.count > 200 || $0.contains("\n") }) ?? true {
            problems.append("the verdict is not one line of at most 200 characters")
        }
        guard let success = structured["success"]?.bool else { return problems + ["success is not a boolean"] }
        let isFailure = !success && structured["status"] != "needs_input"
        if (structured["error"] != nil) != isFailure { problems.append("error and success contradict each other") }
        if isFailure, let error = structured["error"] {
            for key in ["error_type", "message", "suggestion"] where error[key]?.string == nil {
                problems.append("error.\(key) is not a string")
            }
            if error["details"]?.object == nil { problems.append("error.details is not an object") }
        }
        return problems
    }

    /// The text repeats the object, or a part of it.
    private static func problems(in text: String, _ structured: JSONValue) -> [String] {
        let short: JSONValue
        do {
            short = try JSONValue(parsing: text)
        } catch {
            return ["the text is not JSON: \(error)"]
        }
        var problems: [String] = []
        for key in ["verdict", "success"] where short[key] != structured[key] {
            problems.append("text and object differ in \(key)")
        }
        for key in short.object?.keys ?? [] where key != "more" && structured[key] == nil {
            problems.append("only the text has \(key)")
        }
        return problems
    }
}
