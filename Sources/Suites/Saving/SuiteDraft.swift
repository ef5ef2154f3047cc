import JSON
package import MCPClient
import MCPHTTPClient
package import Tester

/// The text of a suite or of a case in it, written for a person to go on with.
package struct SuiteDraft {
    /// One case.
    struct Case {
        var name: String
        /// The lines of its steps, which begin with hyphens.
        var steps: [String]
        /// The lines of what its client declares and answers.
        var client: [String] = []
        /// Why it is skipped.
        var skip: String?
    }

    private(set) var cases: [Case] = []
    /// Replaces the secrets of the session in everything that is written.
    var secrets: SecretReferences
    private let server: ServerDraft

    /// Creates a draft without cases.
    ///
    /// - Parameters:
    ///   - target: The server; values of its environment and headers become references to variables.
    ///   - era: The era that was asked for; nil for the default.
    ///   - path: The file that the draft is for.
    ///   - redactor: Knows what must not be written.
    package init(for target: Target, era: EraChoice? = nil, savedTo path: String, _ redactor: Redactor) {
        var variables: [(name: String, value: String)] = []
        switch target.kind {
        case .http(let endpoint): variables = endpoint.headers.map { ($0.name, $0.value) }
        case .process(let process): variables = process.environment.map { ($0.key, $0.value) }
        }
        var secrets = SecretReferences(redactor, variables: variables)
        server = ServerDraft(
            for: target,
            era: era,
            savedTo: path,
            from: ServerDefinition.currentDirectory,
            &secrets
        )
        self.secrets = secrets
    }

    /// The names of the cases.
    package var names: [String] { cases.map(\.name) }

    /// How many cases are skipped.
    package var skippedCount: Int { cases.count { $0.skip != nil } }

    /// The variables that have to be set before the suite runs.
    package var variables: [String] { secrets.names }

    /// What the user should know about the paths in a new file; nil if all of them work on other machines.
    package var pathWarning: String? {
        guard !server.machinePaths.isEmpty else { return nil }
        return "The suite has paths of this machine: \(server.machinePaths.joined(separator: ", ")). Before it runs "
            + "elsewhere, such as in CI, replace them by relative paths or variables."
    }

    // MARK: - Cases

    /// Adds a case for a step without expectations.
    ///
    /// - Parameter step: Its lines, the first of which begins with the hyphen.
    mutating func addStep(_ step: [String], name: String, skip: String? = nil) {
        add(Case(name: name, steps: step, skip: skip))
    }

    /// Adds a case under a name that no other case has.
    mutating func add(_ new: Case) {
        var new = new
        // Targets choose names, and reasons quote them.
        new.name = secrets.redacted(new.name)
        new.skip = new.skip.map(secrets.redacted)
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
        let header = ["# yaml-language-server: $schema=\(SuiteSchema.address)", "version: 1"]
        return (header + server.lines + ["cases:"] + caseLines(cases, indent: 2)).joined(separator: "\n") + "\n"
    }

    private func caseLines(_ cases: [Case], indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        for draft in cases {
            lines.append("\(margin)- name: \(YAMLText.of(draft.name))")
            if let skip = draft.skip { lines.append("\(margin)  skip: \(YAMLText.of(skip))") }
            if !draft.client.isEmpty {
                lines.append("\(margin)  client:")
                lines += draft.client.map { "\(margin)    \($0)" }
            }
            lines.append("\(margin)  steps:")
            lines += draft.steps.map { "\(margin)    \($0)" }
        }
        return lines
    }

    /// The text of an existing suite with the cases added to it; everything else stays as it is.
    ///
    /// Cases get other names if the suite has cases with theirs.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the file is not a suite, or tests another server.
    package mutating func add(to bytes: [UInt8], path: String) throws(Failure) -> String {
        let file = SourceFile(path: path, bytes: bytes)
        let node: SourceNode
        do throws(SuiteProblem) {
            node = try YAMLParser.parse(file)
        } catch {
            throw .usage("\(error)", nextStep: "Correct the file, or save to another one.")
        }
        guard case .mapping(let entries) = node.content, let known = node["cases"],
            case .sequence(let nodes) = known.content, let first = nodes.first,
            file.bytes[known.offset] == UInt8(ascii: "-")
        else {
            throw .usage(
                "\(path) has no `cases` as a list with hyphens, to which a case could be added.",
                nextStep: "Save to another file."
            )
        }
        try checkServer(node, path)
        rename(avoiding: Set(nodes.compactMap { $0["name"]?.json.string }))
        let lines = caseLines(cases, indent: file.place(of: known.offset).column - 1)
        let next = entries.filter { $0.keyOffset > first.offset }.map(\.keyOffset).min() ?? bytes.count
        let end = Self.endOfCases(before: next, in: bytes)
        var before = String(decoding: bytes[..<end], as: UTF8.self)
        if !before.hasSuffix("\n") { before += "\n" }
        return before + lines.joined(separator: "\n") + "\n" + String(decoding: bytes[end...], as: UTF8.self)
    }

    private mutating func rename(avoiding names: Set<String>) {
        var names = names
        for index in cases.indices {
            let name = cases[index].name
            var number = 2
            while !names.insert(cases[index].name).inserted {
                cases[index].name = "\(name) (\(number))"
                number += 1
            }
        }
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
        let own = SourceFile(path: path, bytes: Array((self.server.lines.joined(separator: "\n") + "\n").utf8))
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
