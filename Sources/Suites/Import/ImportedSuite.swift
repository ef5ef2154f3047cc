import JSON

/// A suite that was read from another tool's file, as text in our format.
package struct ImportedSuite: Sendable {
    /// A part of the file that has no equivalent, or a slightly different one.
    package struct Loss: Sendable, CustomStringConvertible {
        package let place: SourcePlace
        package let message: String

        /// File and line with the message.
        package var description: String { "\(place.file):\(place.line): \(message)" }
    }

    /// One case.
    struct Case {
        var name: String
        var tags: [String] = []
        var timeout: String?
        var retries = 0
        var skip: String?
        var setup: [Step] = []
        var steps: [Step] = []
        var teardown: [Step] = []
    }

    /// One step, as the parts of its mapping.
    struct Step {
        var name: String?
        /// Such as `call: add`.
        var action: String
        var arguments: JSONValue?
        var timeout: String?
        var expect: [String] = []
        /// What later steps use: names with paths, as YAML.
        var captures: [(name: String, path: String)] = []

        var lines: [String] {
            var lines = [action]
            if let name { lines.append("name: \(YAMLText.of(name))") }
            if let arguments, arguments.object?.isEmpty == false {
                lines.append("args: \(ReferenceText.yaml(arguments))")
            }
            if let timeout { lines.append("timeout: \(timeout)") }
            if !expect.isEmpty { lines += ["expect:"] + expect.map { "  \($0)" } }
            if !captures.isEmpty {
                let members = captures.map { "\($0.name): \($0.path)" }
                lines.append("capture: {\(members.joined(separator: ", "))}")
            }
            return lines.enumerated().map { $0.offset == 0 ? "- \($0.element)" : "  \($0.element)" }
        }
    }

    /// The name of the tool that the file is for.
    package let origin: String
    /// What was not carried over.
    package internal(set) var losses: [Loss] = []
    /// Lines before the cases: the name, the server, variables.
    var head: [String] = []
    var cases: [Case] = []

    init(from origin: String) {
        self.origin = origin
    }

    /// How many cases it has.
    package var caseCount: Int { cases.count }

    /// The file.
    package var text: String {
        var lines = ["# yaml-language-server: $schema=\(SuiteSchema.address)", "version: 1"] + head
        // The other tools use one connection for all tests of a file.
        lines += ["isolation: file", "cases:"]
        var names: Set<String> = []
        for suiteCase in cases {
            var name = suiteCase.name
            var number = 2
            while !names.insert(name).inserted {
                name = "\(suiteCase.name) (\(number))"
                number += 1
            }
            lines.append("  - name: \(YAMLText.of(name))")
            if !suiteCase.tags.isEmpty {
                lines.append("    tags: [\(suiteCase.tags.map { YAMLText.of($0) }.joined(separator: ", "))]")
            }
            if let timeout = suiteCase.timeout { lines.append("    timeout: \(timeout)") }
            if suiteCase.retries > 0 { lines.append("    retry: \(suiteCase.retries)") }
            if let skip = suiteCase.skip { lines.append("    skip: \(YAMLText.of(skip))") }
            for (key, steps) in [
                ("setup", suiteCase.setup), ("steps", suiteCase.steps), ("teardown", suiteCase.teardown),
            ] where !steps.isEmpty {
                lines += ["    \(key):"] + steps.flatMap(\.lines).map { "      \($0)" }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The formats that can be read, by the names of the tools.
package enum ImportFormat: String, Sendable, CaseIterable {
    case mcpRig = "mcp-rig"
    case mcpSpec = "mcpspec"
    case serverTester = "mcp-server-tester"

    /// Decides by the keys of a file; nil if it has none of the formats.
    init?(of node: SourceNode) {
        let tests = (node["tests"] ?? node["tools"]?["tests"])?.elements ?? []
        func any(_ keys: String...) -> Bool { tests.contains { test in keys.contains { test[$0] != nil } } }
        func has(_ keys: String...) -> Bool { keys.contains { node[$0] != nil } }
        if has("tools", "evals", "evaluations", "discovery", "expected_tool_list") || any("params", "calls") {
            self = .serverTester
        } else if has("schemaVersion", "environments", "description", "name")
            || any("with", "input", "assertions", "expectError", "extract", "retries")
            || tests.contains(where: { $0["expect"]?.elements != nil })
        {
            self = .mcpSpec
        } else if has("server"), !tests.isEmpty {
            self = .mcpRig
        } else {
            return nil
        }
    }
}

/// Reads suites of other tools.
package enum SuiteImporter {
    /// What a reader needs beside the file.
    package struct Options: Sendable {
        /// The format; nil to decide by the keys.
        package var format: ImportFormat?
        /// The server, for files that name none, and in place of the one that is named.
        package var server: String?
        /// The environment of a collection whose variables are used; nil for its default.
        package var environment: String?

        package init() {}
    }

    /// Reads a file.
    ///
    /// - Throws: ``SuiteProblem`` if it is not YAML, or of no known format.
    package static func read(
        _ bytes: [UInt8],
        path: String,
        _ options: Options = Options()
    ) throws(SuiteProblem) -> ImportedSuite {
        let file = SourceFile(path: path, bytes: bytes)
        let node = try YAMLParser.parse(file)
        guard let format = options.format ?? ImportFormat(of: node) else {
            let names = ImportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw SuiteProblem("The file is not a suite of \(names), as far as its keys show.", in: file, at: 0)
        }
        var reader = ImportReader(file: file, node: node, options: options, suite: ImportedSuite(from: format.rawValue))
        switch format {
        case .mcpRig: reader.readRig()
        case .mcpSpec: reader.readCollection()
        case .serverTester: reader.readServerTester()
        }
        guard !reader.suite.cases.isEmpty else {
            throw SuiteProblem("The file has no test that can be carried over.", in: file, at: 0)
        }
        reader.suite.losses.sort { $0.place.line < $1.place.line }
        return reader.suite
    }
}

extension SourceNode {
    /// The elements of a sequence; nil if it is not one.
    var elements: [SourceNode]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    /// The entries of a mapping; empty if it is not one.
    var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }
}
