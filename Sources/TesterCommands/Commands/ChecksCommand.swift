import ArgumentParser
import Conformance
import JSON
import MCP
import Tester

/// Lists the checks of ``CheckCommand``.
struct ChecksCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "checks",
        abstract: "List what check looks at: each rule with its number, name and level.",
        usage: "mcp-test-mcp checks [WORD ...] [options]",
        discussion: """
            Words narrow the list to the checks whose number, level, name or rule has all of them. 'check --only' takes the numbers \
            and names. Examples:
              mcp-test-mcp checks session
              mcp-test-mcp checks S163 --json
            """
    )

    @Argument(help: ArgumentHelp("Text in the number, level, name or rule.", valueName: "word"))
    var words: [String] = []

    @Option(help: ArgumentHelp("Lowest level to list (default: advice).", valueName: "must|should|advice"))
    var level: Check.Level = .advice

    @Option(help: ArgumentHelp("List only the rules of this protocol revision.", valueName: "revision"))
    var revision: String?

    @Flag(help: "Print one JSON array with the pages of the specification as well.")
    var json = false

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let revision = try revision.map { name throws(Failure) in try Check.revision(name) }
        let words = words.map { $0.lowercased() }
        let listed = Check.all.filter { check in
            let text = "\(check.row) \(check.level) \(check.id) \(check.rule)".lowercased()
            return check.level >= level && revision.map(check.revisions.range.contains) ?? true
                && words.allSatisfy(text.contains)
        }
        if json {
            context.streams.out(JSONValue.array(listed.map(\.json)).prettyPrinted + "\n")
        } else {
            context.streams.out(listed.map { $0.line + "\n" }.joined())
        }
        guard listed.isEmpty else { return .passed }
        let sought = SafeText.escape(self.words.joined(separator: " "))
        context.streams.error("No check of this level and revision matches \"\(sought)\".\n")
        return .failed
    }
}

extension Check {
    /// The check on one line, with the revisions and the transport only if it is not about all.
    fileprivate var line: String {
        let (first, last) = (revisions.range.lowerBound, revisions.range.upperBound)
        var limits: [String] = []
        switch (first, last) {
        case (.earliest, .latest): break
        case (_, .latest): limits.append("since \(first)")
        case _ where first == last: limits.append("only \(first)")
        case (.earliest, _): limits.append("until \(last)")
        default: limits.append("\(first) to \(last)")
        }
        if transports != .any { limits.append(transports.rawValue) }
        let columns = [(row, 6), (level.rawValue, 8)].map { text, width in
            text + String(repeating: " ", count: max(width - text.utf8.count, 1))
        }
        return columns.joined() + id + ": " + rule + (limits.isEmpty ? "" : " (\(limits.joined(separator: ", ")))")
    }

    fileprivate var json: JSONValue {
        let (first, last) = (revisions.range.lowerBound, revisions.range.upperBound)
        return [
            "number": .string(row), "name": .string(id), "level": .string(level.rawValue), "rule": .string(rule),
            "first_revision": .string(first.wireName), "last_revision": .string(last.wireName),
            "transport": .string(transports.rawValue), "capabilities": .array(needs.map(JSONValue.string)),
            "page": page.flatMap { last.url(of: $0) ?? first.url(of: $0) }.map(JSONValue.string) ?? nil,
        ]
    }
}
