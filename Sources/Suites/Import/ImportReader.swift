import JSON
import JSONSchema
import Tester

/// What the readers of all formats have in common.
struct ImportReader {
    let file: SourceFile
    let node: SourceNode
    let options: SuiteImporter.Options
    var suite: ImportedSuite
    /// Remarks that were made already, which are made once.
    private var remarks: Set<String> = []

    init(file: SourceFile, node: SourceNode, options: SuiteImporter.Options, suite: ImportedSuite) {
        self.file = file
        self.node = node
        self.options = options
        self.suite = suite
    }

    // MARK: - Losses

    mutating func lose(_ message: String, at node: SourceNode) { lose(message, at: node.offset) }

    mutating func lose(_ message: String, at offset: Int) {
        suite.losses.append(ImportedSuite.Loss(place: file.place(of: offset), message: message))
    }

    /// Makes a remark about the first of several places.
    mutating func remark(_ message: String, at node: SourceNode) {
        if remarks.insert(message).inserted { lose(message, at: node) }
    }

    /// Names every key of a mapping that is not known.
    mutating func loseUnknown(in node: SourceNode, of what: String, except known: [String]) {
        for entry in node.entries where !known.contains(entry.key) {
            lose("`\(entry.key)` of \(what) was not carried over.", at: entry.keyOffset)
        }
    }

    // MARK: - Values

    func text(_ node: SourceNode?) -> String? {
        guard let node, case .scalar(let text, _) = node.content else { return nil }
        return text
    }

    func texts(_ node: SourceNode?) -> [String] { (node?.elements ?? []).compactMap { text($0) } }

    /// Milliseconds as a duration of our format.
    func milliseconds(_ node: SourceNode?) -> String? {
        node?.json.number.map { "\($0.literal)ms" }
    }

    func isTrue(_ node: SourceNode?) -> Bool { node?.json == true }

    // MARK: - Matchers

    /// A value as a matcher: a mapping would be read as one.
    func equals(_ value: JSONValue) -> String {
        value.object == nil ? ReferenceText.yaml(value) : "{equals: \(ReferenceText.yaml(value))}"
    }

    /// A regular expression of another language; nil, with a loss, if ours does not have its syntax.
    mutating func pattern(_ node: SourceNode) -> String? {
        guard let pattern = text(node) else { return nil }
        let foreign = ["(?P", "(?i", "(?s", "(?m", "(?x", "\\A", "\\Z", "(?#"].first { pattern.contains($0) }
        var fault = foreign.map { "ours have no `\($0)`" }
        if fault == nil {
            do throws(JSONSchemaError) {
                _ = try JSONSchema(["pattern": .string(pattern)])
            } catch {
                fault = "\(error)"
            }
        }
        guard let fault else { return "{matches: \(YAMLText.of(.string(pattern)))}" }
        lose("The regular expression was not carried over: \(fault).", at: node)
        return nil
    }

    /// Several conditions as one matcher.
    func all(_ matchers: [String]) -> String {
        matchers.count == 1 ? matchers[0] : "{all: [\(matchers.joined(separator: ", "))]}"
    }

    /// The conditions of each path as lines of an expectation.
    func lines(_ key: String, _ matchers: [(path: String, matcher: String)]) -> [String] {
        guard !matchers.isEmpty else { return [] }
        var paths: [String] = []
        for entry in matchers where !paths.contains(entry.path) { paths.append(entry.path) }
        return ["\(key):"]
            + paths.map { path in
                "  \(YAMLText.of(path)): \(all(matchers.filter { $0.path == path }.map(\.matcher)))"
            }
    }

    // MARK: - Server

    /// The lines of a server, unless the caller names another one.
    mutating func readServer(_ node: SourceNode?, _ lines: (inout ImportReader, SourceNode) -> [String]) {
        if let server = options.server {
            suite.head.append("server: \(YAMLText.of(server))")
        } else if let node {
            suite.head += lines(&self, node)
        } else {
            suite.head.append("server: server.py  # the file names no server")
            lose("The file names no server. Write it under `server`, or import with --server.", at: self.node)
        }
    }

    /// A server that is started by a command, given as a line or a program with arguments.
    func command(_ line: String, _ arguments: [JSONValue], isLine: Bool = true) -> [String] {
        let words = isLine ? CommandWords(line).words ?? [line] : [line]
        let all = words.map(JSONValue.string) + arguments
        return ["server:", "  command: \(ReferenceText.yaml(.array(all)))"]
    }

    func mapping(_ key: String, _ node: SourceNode?, _ value: (JSONValue) -> JSONValue) -> [String] {
        guard let node, !node.entries.isEmpty else { return [] }
        var object = JSONObject()
        for entry in node.entries { object.append(entry.key, value(.string(text(entry.value) ?? ""))) }
        return ["  \(key): \(ReferenceText.yaml(.object(object)))"]
    }
}
