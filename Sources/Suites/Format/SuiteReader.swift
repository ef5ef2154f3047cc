import JSON

/// Reads a suite from a file; everything wrong with it is reported at once, before anything runs.
struct SuiteReader {
    let file: SourceFile
    /// The directory of the file, against which its relative paths are resolved.
    let directory: String
    let environment: @Sendable (String) -> String?
    var problems: [SuiteProblem] = []
    /// The variables of the file, by name.
    var variables: [String: String] = [:]
    /// The values that steps before this place capture.
    var captured: Set<String> = []
    /// The case that is read, whose snapshots are counted.
    var caseName = ""
    var snapshotCount = 0
    var snapshotKeys: Set<String> = []
    /// The values of variables that are secret.
    var secrets: Set<String> = []
    var secretNames: Set<String> = []

    static let problemLimit = 50

    init(_ file: SourceFile, environment: @escaping @Sendable (String) -> String?) {
        self.file = file
        self.environment = environment
        let slash = file.path.lastIndex(of: "/")
        directory = slash.map { $0 == file.path.startIndex ? "/" : String(file.path[..<$0]) } ?? "."
    }

    /// Reads a file.
    ///
    /// - Parameter environment: The value of an environment variable; nil if it is not set.
    static func read(
        _ file: SourceFile,
        environment: @escaping @Sendable (String) -> String?
    ) throws(SuiteProblems) -> Suite {
        var reader = SuiteReader(file, environment: environment)
        let suite: Suite
        do throws(SuiteProblem) {
            suite = reader.suite(try YAMLParser.parse(file))
        } catch {
            throw SuiteProblems(problems: [error])
        }
        guard reader.problems.isEmpty else {
            throw SuiteProblems(problems: reader.problems.sorted { $0.place.line < $1.place.line })
        }
        return suite
    }

    private mutating func suite(_ node: SourceNode) -> Suite {
        var suite = Suite(path: file.path, name: file.path)
        guard let fields = fields(node, of: "a suite", SuiteKeys.suite) else { return suite }
        checkVersion(fields, node)
        if let name = fields["name"] { suite.name = string(name) ?? suite.name }
        // First, because everything else may refer to them.
        readSecrets(fields["secrets"])
        readVariables(fields["variables"])
        suite.servers = servers(fields, node)
        let matrix = matrix(fields["matrix"], suite.servers)
        let common = common(fields)
        if let cases = fields["cases"] {
            var names: [String: Int] = [:]
            for node in list(cases, of: "cases") {
                let read = suiteCase(node, common, suite.servers, matrix)
                guard let name = read.first?.name else { continue }
                if let first = names[name] {
                    add("Duplicate case name \"\(name)\", as on line \(file.place(of: first).line).", at: node)
                }
                names[name] = node.offset
                suite.cases += read
            }
            if case .sequence(let nodes) = cases.content, nodes.isEmpty { add("`cases` is empty.", at: cases) }
        } else if !hasMisspelled("cases", in: node, SuiteKeys.suite) {
            add("Missing `cases`: the list of what is tested.", at: node)
        }
        suite.secrets = secrets.sorted()
        return suite
    }

    private mutating func checkVersion(_ fields: Fields, _ node: SourceNode) {
        guard let version = fields["version"] else {
            if !hasMisspelled("version", in: node, SuiteKeys.suite) { add("Missing `version: 1`.", at: node) }
            return
        }
        guard version.json != 1 else { return }
        add("Unknown version: expected 1, got \(version.typeName).", at: version)
    }

    private mutating func readSecrets(_ node: SourceNode?) {
        guard let node else { return }
        for item in list(node, of: "secrets") {
            guard let name = string(item) else { continue }
            secretNames.insert(name)
            if let value = environment(name), !value.isEmpty { secrets.insert(value) }
        }
    }

    private mutating func readVariables(_ node: SourceNode?) {
        guard let node, let entries = mapping(node, of: "variables") else { return }
        for entry in entries {
            guard case .scalar = entry.value.content else {
                add(
                    "The variable `\(entry.key)` must be text or a number, got \(entry.value.typeName).",
                    at: entry.value
                )
                continue
            }
            guard Self.isName(entry.key) else {
                add(
                    "A variable's name has letters, digits and `_`, and does not start with a digit.",
                    at: entry.keyOffset,
                    entry.key.count
                )
                continue
            }
            let value = expanded(entry.value)
            variables[entry.key] = value
            if secretNames.contains(entry.key) { secrets.insert(value) }
        }
    }

    // MARK: - Problems

    mutating func add(_ message: String, at node: SourceNode) {
        add(message, at: node.offset, node.length)
    }

    mutating func add(_ message: String, at offset: Int, _ length: Int = 1) {
        guard problems.count < Self.problemLimit else { return }
        problems.append(SuiteProblem(message, in: file, at: offset, length: length))
    }

    func place(of node: SourceNode) -> SourcePlace { file.place(of: node.offset) }
}
