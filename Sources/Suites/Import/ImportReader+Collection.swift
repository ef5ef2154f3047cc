import JSON

/// Collections of MCPSpec: `server`, `environments`, and `tests` that can hand values on.
extension ImportReader {
    mutating func readCollection() {
        loseUnknown(
            in: node,
            of: "the collection",
            except: [
                "schemaVersion", "name", "description", "server", "environments", "defaultEnvironment", "tests",
            ]
        )
        if let description = text(node["description"]) {
            suite.head += description.split(separator: "\n").map { "# \($0)" }
        }
        if let name = text(node["name"]) { suite.head.append("name: \(YAMLText.of(name))") }
        readServer(node["server"]) { $0.collectionServer($1) }
        readEnvironments()
        let tests = (node["tests"]?.elements ?? []).map(CollectionTest.init)
        for group in CollectionTest.groups(tests) { readTests(group, extracted: CollectionTest.names(of: tests)) }
    }

    private mutating func collectionServer(_ node: SourceNode) -> [String] {
        if let line = text(node) { return command(line, []) }
        loseUnknown(
            in: node,
            of: "the server",
            except: ["transport", "command", "args", "url", "headers", "env", "cwd", "timeouts"]
        )
        var lines: [String]
        if let url = text(node["url"]) {
            lines = ["server:", "  url: \(ReferenceText.yaml(referring(.string(url), to: [])))"]
            if text(node["transport"]) == "sse" { lines.append("  transport: sse") }
        } else {
            let arguments = texts(node["args"]).map { referring(.string($0), to: []) }
            lines = command(text(node["command"]) ?? "", arguments, isLine: false)
        }
        if let directory = text(node["cwd"]) { lines.append("  cwd: \(YAMLText.of(directory))") }
        for key in ["env", "headers"] { lines += mapping(key, node[key]) { referring($0, to: []) } }
        if let timeouts = node["timeouts"] {
            loseUnknown(in: timeouts, of: "the timeouts", except: ["connect"])
            if let limit = milliseconds(timeouts["connect"]) { lines.append("  connect_timeout: \(limit)") }
        }
        return lines
    }

    /// The variables of one environment; the others are named.
    private mutating func readEnvironments() {
        let entries = node["environments"]?.entries ?? []
        guard !entries.isEmpty else { return }
        let chosen = options.environment ?? text(node["defaultEnvironment"])
        for entry in entries {
            guard entry.key == chosen else {
                lose(
                    "The environment `\(entry.key)` was not carried over. Set its variables, or import with --environment.",
                    at: entry.keyOffset
                )
                continue
            }
            let variables = entry.value["variables"]?.entries ?? []
            guard !variables.isEmpty else { continue }
            suite.head.append("variables:")
            suite.head += variables.map { "  \($0.key): \(YAMLText.of($0.value.json))" }
        }
    }

    /// A value with `{{name}}` replaced by references, to captured values if their names are among those given.
    private func referring(_ value: JSONValue, to captured: Set<String>) -> JSONValue {
        switch value {
        case .string(let text): return .string(referring(text, to: captured))
        case .array(let elements): return .array(elements.map { referring($0, to: captured) })
        case .object(let object):
            return .object(
                JSONObject(object.members.map { .init(key: $0.key, value: referring($0.value, to: captured)) })
            )
        default: return value
        }
    }

    private func referring(_ text: String, to captured: Set<String>) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
            let name = String(rest[start.upperBound..<end.lowerBound])
            let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            result += rest[..<start.lowerBound]
            result +=
                isName ? ReferenceText.reference(to: captured.contains(name) ? "case.\(name)" : name) : "{{\(name)}}"
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    // MARK: - Tests

    /// The tests that share a value, as the steps of one case; usually only one.
    private mutating func readTests(_ tests: [CollectionTest], extracted: Set<String>) {
        var suiteCase: ImportedSuite.Case?
        for test in tests {
            guard let step = collectionStep(test, extracted) else { continue }
            var new = suiteCase ?? ImportedSuite.Case(name: step.name ?? "test")
            new.tags += texts(test.node["tags"]).filter { !new.tags.contains($0) }
            if let timeout = milliseconds(test.node["timeout"]) { new.timeout = timeout }
            if let retries = test.node["retries"], let count = retries.json.int, count > 0 {
                new.retries = max(new.retries, min(count, 10))
                remark(
                    "`retries` repeated only after a lost connection; `retry` repeats every failed case.",
                    at: retries
                )
            }
            new.steps.append(step)
            suiteCase = new
        }
        guard var suiteCase else { return }
        if suiteCase.steps.count == 1 {
            suiteCase.steps[0].name = nil
        } else {
            lose(
                "\(suiteCase.steps.count) tests from here on became the steps of one case, because they hand values on.",
                at: tests[0].node
            )
        }
        suite.cases.append(suiteCase)
    }

    private static let testKeys = [
        "id", "name", "tags", "timeout", "retries", "type", "tool", "call", "input", "with", "assertions", "expect",
        "expectError", "extract",
    ]

    private mutating func collectionStep(_ test: CollectionTest, _ extracted: Set<String>) -> ImportedSuite.Step? {
        let node = test.node
        loseUnknown(in: node, of: "a test", except: Self.testKeys)
        guard let tool = text(node["call"]) ?? text(node["tool"]) else {
            lose("A test without `call` was not carried over.", at: node)
            return nil
        }
        if let type = node["type"], text(type) == "resource" {
            lose("`type: resource` was not carried over: the test became a call of the tool.", at: type)
        }
        var step = ImportedSuite.Step(action: "call: \(YAMLText.of(tool))")
        step.name = text(node["name"]) ?? text(node["id"]) ?? tool
        step.arguments = (node["with"] ?? node["input"]).map { referring($0.json, to: extracted) }
        if isTrue(node["expectError"]), let error = node["expectError"] {
            step.expect.append("is_error: true")
            remark("`expectError` also accepted a protocol error. For that, write `error: true`.", at: error)
            return step
        }
        var expectation = CollectionExpectation()
        for assertion in node["assertions"]?.elements ?? [] { read(assertion, extracted, &expectation) }
        for short in node["expect"]?.elements ?? [] { readShort(short, extracted, &expectation) }
        if let limit = expectation.latency { step.expect.append("latency: \(limit)") }
        if !expectation.text.isEmpty { step.expect.append("text: \(all(expectation.text))") }
        step.expect += lines("json", expectation.json) + lines("result", expectation.result)
        for extraction in node["extract"]?.elements ?? [] {
            guard let name = text(extraction["name"]), let path = text(extraction["path"]) else { continue }
            switch CollectionPlace(path) {
            case .json(let path): step.captures.append((name, YAMLText.of(path)))
            case .result(let path): step.captures.append((name, "{result: \(YAMLText.of(path))}"))
            case .text: step.captures.append((name, "text"))
            }
        }
        return step
    }

    // MARK: - Assertions

    private mutating func read(
        _ node: SourceNode,
        _ extracted: Set<String>,
        _ expectation: inout CollectionExpectation
    ) {
        let path = text(node["path"]) ?? "$"
        let value = referring(node["value"]?.json ?? .null, to: extracted)
        switch text(node["type"]) {
        // The output schema is checked in any case.
        case "schema": break
        case "exists": expectation.add("{exists: true}", at: path)
        case "equals": expectation.add(equals(value), at: path)
        case "contains": expectation.add("{contains: \(ReferenceText.yaml(value))}", at: path)
        case "matches":
            if let node = node["pattern"], let pattern = pattern(node) { expectation.add(pattern, at: path) }
        case "type": expectation.add("{type: \(text(node["expected"]) ?? "object")}", at: path)
        case "length":
            let bounds = ["gt": "above", "gte": "at_least", "lt": "below", "lte": "at_most"]
            let bound = text(node["operator"]).flatMap { bounds[$0] }
            let number = YAMLText.of(value)
            expectation.add("{length: \(bound.map { "{\($0): \(number)}" } ?? number)}", at: path)
        case "latency": expectation.latency = milliseconds(node["maxMs"]) ?? "1000ms"
        case let other: lose("The assertion `\(other ?? "without type")` was not carried over.", at: node)
        }
    }

    private mutating func readShort(
        _ node: SourceNode,
        _ extracted: Set<String>,
        _ expectation: inout CollectionExpectation
    ) {
        for entry in node.entries {
            if entry.key == "exists", let path = text(entry.value) {
                expectation.add("{exists: true}", at: path)
                continue
            }
            guard let pair = entry.value.elements, pair.count == 2, let path = text(pair[0]) else {
                lose("The expectation `\(entry.key)` was not carried over.", at: entry.keyOffset)
                continue
            }
            let value = referring(pair[1].json, to: extracted)
            switch entry.key {
            case "equals": expectation.add(equals(value), at: path)
            case "contains": expectation.add("{contains: \(ReferenceText.yaml(value))}", at: path)
            case "matches": if let pattern = pattern(pair[1]) { expectation.add(pattern, at: path) }
            default: lose("The expectation `\(entry.key)` was not carried over.", at: entry.keyOffset)
            }
        }
    }
}

/// What a path of a collection leads to: its root is the text as JSON, or an object with the text as `content`.
private enum CollectionPlace {
    case text
    case json(String)
    case result(String)

    init(_ path: String) {
        switch path {
        case "$.content", "$.text": self = .text
        case _ where path.hasPrefix("$.content["): self = .result(path)
        default: self = .json(path)
        }
    }
}

/// The expectations of a test, by what they look at.
private struct CollectionExpectation {
    var latency: String?
    var text: [String] = []
    var json: [(path: String, matcher: String)] = []
    var result: [(path: String, matcher: String)] = []

    mutating func add(_ matcher: String, at path: String) {
        switch CollectionPlace(path) {
        // A result that has no text still has content.
        case .text where matcher == "{exists: true}": result.append(("/content", "{length: {above: 0}}"))
        case .text: text.append(matcher)
        case .json(let path): json.append((path, matcher))
        case .result(let path): result.append((path, matcher))
        }
    }
}

/// A test of a collection with the values that it hands on and uses.
private struct CollectionTest {
    let node: SourceNode
    let extracts: Set<String>
    private let used: Set<String>

    init(_ node: SourceNode) {
        self.node = node
        extracts = Set((node["extract"]?.elements ?? []).compactMap { $0["name"]?.json.string })
        let texts = [node["with"], node["input"], node["assertions"], node["expect"]].compactMap(\.self)
        var used: Set<String> = []
        for text in texts {
            for part in text.json.description.split(separator: "{{").dropFirst() {
                if let end = part.firstRange(of: "}}") { used.insert(String(part[..<end.lowerBound])) }
            }
        }
        self.used = used
    }

    static func names(of tests: [CollectionTest]) -> Set<String> {
        tests.reduce(into: []) { $0.formUnion($1.extracts) }
    }

    /// The tests in order, those together that hand values on, with all between them.
    static func groups(_ tests: [CollectionTest]) -> [[CollectionTest]] {
        var groups: [[CollectionTest]] = []
        var index = 0
        while index < tests.count {
            var (position, last) = (index, index)
            while position <= last {
                let own = tests[position].extracts
                if let use = tests.indices.last(where: { $0 > last && !tests[$0].used.isDisjoint(with: own) }) {
                    last = use
                }
                position += 1
            }
            groups.append(Array(tests[index...last]))
            index = last + 1
        }
        return groups
    }
}
