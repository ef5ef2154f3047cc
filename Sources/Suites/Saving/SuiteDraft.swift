package import JSON
import MCPHTTPClient
package import Tester

/// The text of a suite or of a case in it, written for a person to go on with.
package struct SuiteDraft: Sendable {
    /// One case.
    package struct Case: Sendable {
        var name: String
        var lines: [String]
        /// Why it is skipped.
        var skip: String?
    }

    package private(set) var cases: [Case] = []
    private let server: [String]

    /// Creates a draft without cases.
    ///
    /// - Parameters:
    ///   - target: The server; values of its environment and headers become references to variables.
    ///   - isInWorkingDirectory: Whether the suite is in the folder that relative paths of the target start at.
    package init(for target: Target, isInWorkingDirectory: Bool) {
        server = Self.lines(for: target, isInWorkingDirectory: isInWorkingDirectory)
    }

    // MARK: - Server

    private static func lines(for target: Target, isInWorkingDirectory: Bool) -> [String] {
        switch target.kind {
        case .http(let endpoint):
            var lines = ["server:", "  url: \(YAMLText.of(.string(endpoint.url)))"]
            if !endpoint.headers.isEmpty {
                lines.append("  headers:")
                lines += endpoint.headers.map { "    \(YAMLText.of($0.name)): \(reference(to: $0.name))" }
            }
            return lines
        case .process(let process):
            if process.arguments.first == "demo", target.name == "demo" { return ["server: demo"] }
            let words = [process.command] + process.arguments
            var lines = ["server:", "  command: [\(words.map { YAMLText.of($0) }.joined(separator: ", "))]"]
            // The interpreter was chosen by the file, so a relative path works everywhere.
            if isInWorkingDirectory, process.choice != nil, !target.name.hasPrefix("/") {
                lines[1] = "  target: \(YAMLText.of(target.name))"
            }
            if let directory = process.workingDirectory { lines.append("  cwd: \(YAMLText.of(directory))") }
            if !process.environment.isEmpty {
                lines.append("  env:")
                lines += process.environment.keys.sorted().map { "    \($0): \(reference(to: $0))" }
            }
            return lines
        }
    }

    /// A reference to the variable that takes the place of a value.
    private static func reference(to name: String) -> String {
        var variable = ""
        for scalar in name.unicodeScalars {
            variable +=
                scalar.isASCII && scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                ? "\(scalar)" : "_"
        }
        return "\"${\(variable.uppercased())}\""
    }

    // MARK: - Cases

    /// Adds a call with what was observed of it as the expectation.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - second: The result of the same call again, from which parts that vary are known; nil if it was not repeated.
    package mutating func addCall(
        of tool: String,
        arguments: JSONObject,
        result: JSONValue,
        second: JSONValue?,
        name: String? = nil
    ) {
        var lines = ["- call: \(YAMLText.of(tool))"]
        if !arguments.isEmpty { lines.append("  args: \(YAMLText.of(.object(arguments)))") }
        let expectations = ObservedExpectation.lines(for: result, second: second)
        if !expectations.isEmpty { lines += ["  expect:"] + expectations.map { "    \($0)" } }
        add(Case(name: name ?? tool, lines: lines))
    }

    /// Adds a case for a step without expectations.
    ///
    /// - Parameter step: Its lines, the first of which begins with the hyphen.
    package mutating func addStep(_ step: [String], name: String, skip: String? = nil) {
        add(Case(name: name, lines: step, skip: skip))
    }

    /// A case with a name that no other case has.
    private mutating func add(_ new: Case) {
        var new = new
        let name = new.name
        var number = 2
        while cases.contains(where: { $0.name == new.name }) {
            new.name = "\(name) (\(number))"
            number += 1
        }
        cases.append(new)
    }

    // MARK: - Text

    /// A whole file.
    package var text: String {
        (["version: 1"] + server + ["cases:"] + caseLines(indent: 2, avoiding: [])).joined(separator: "\n") + "\n"
    }

    private func caseLines(indent: Int, avoiding names: Set<String>) -> [String] {
        var names = names
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        for draft in cases {
            var name = draft.name
            var number = 2
            while !names.insert(name).inserted {
                name = "\(draft.name) (\(number))"
                number += 1
            }
            lines.append("\(margin)- name: \(YAMLText.of(name))")
            if let skip = draft.skip { lines.append("\(margin)  skip: \(YAMLText.of(skip))") }
            lines.append("\(margin)  steps:")
            lines += draft.lines.map { "\(margin)    \($0)" }
        }
        return lines
    }

    /// The text of an existing suite with the cases added to it; everything else stays as it is.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the file is not a suite, or tests another server.
    package func adding(to bytes: [UInt8], path: String) throws(Failure) -> String {
        let file = SourceFile(path: path, bytes: bytes)
        let node: SourceNode
        do throws(SuiteProblem) {
            node = try YAMLParser.parse(file)
        } catch {
            throw .usage("\(error)", nextStep: "Correct the file, or save to another one.")
        }
        guard case .mapping(let entries) = node.content, let cases = node["cases"],
            case .sequence(let nodes) = cases.content, let first = nodes.first,
            file.bytes[cases.offset] == UInt8(ascii: "-")
        else {
            throw .usage(
                "\(path) has no `cases` as a list with hyphens, to which a case could be added.",
                nextStep: "Save to another file."
            )
        }
        try checkServer(node, path)
        let indent = file.place(of: cases.offset).column - 1
        let names = Set(nodes.compactMap { $0["name"]?.json.string })
        let lines = caseLines(indent: indent, avoiding: names)
        let next = entries.filter { $0.keyOffset > first.offset }.map(\.keyOffset).min() ?? bytes.count
        let end = Self.endOfCases(before: next, in: bytes)
        var before = String(decoding: bytes[..<end], as: UTF8.self)
        if !before.hasSuffix("\n") { before += "\n" }
        return before + lines.joined(separator: "\n") + "\n" + String(decoding: bytes[end...], as: UTF8.self)
    }

    /// The end of the last line of the cases: blank lines and comments after it belong to what follows.
    private static func endOfCases(before next: Int, in bytes: [UInt8]) -> Int {
        var end = next
        while end > 0 {
            var start = end - 1
            while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
            let line = bytes[start..<end]
            let isBlank = line.allSatisfy(\.isYAMLSpace)
            guard isBlank || line.first == UInt8(ascii: "#") else { return end }
            end = start
        }
        return next
    }

    private func checkServer(_ node: SourceNode, _ path: String) throws(Failure) {
        guard let server = node["server"] else {
            throw .usage(
                "\(path) has several servers, so it is not clear which one the case belongs to.",
                nextStep: "Save to another file, and move the case."
            )
        }
        let own = SourceFile(path: path, bytes: Array((self.server.joined(separator: "\n") + "\n").utf8))
        let drafted: JSONValue?
        do throws(SuiteProblem) {
            drafted = try YAMLParser.parse(own)["server"]?.json
        } catch {
            throw .usage("\(error)", nextStep: "Save to another file.")
        }
        guard drafted == server.json else {
            throw .usage(
                "\(path) tests another server than the one that was called.",
                nextStep: "Save to another file, one for each server."
            )
        }
    }
}
