import JSON

/// Suites of mcp-rig: `server`, `setup`, `teardown`, and `tests` with a call each.
extension ImportReader {
    mutating func readRig() {
        loseUnknown(
            in: node,
            of: "the suite",
            except: ["server", "tests", "tags", "setup", "teardown", "after_timeout"]
        )
        readServer(node["server"]) { $0.rigServer($1) }
        let tags = texts(node["tags"])
        if !tags.isEmpty { suite.head.append("defaults: {tags: \(YAMLText.of(.array(tags.map(JSONValue.string))))}") }
        if let node = node["after_timeout"] {
            lose("`after_timeout` was not carried over: a run goes on with the next case in any case.", at: node)
        }
        for test in node["tests"]?.elements ?? [] { readRigTest(test) }
        readRigSurroundings()
    }

    /// Setup and teardown run once: with the first and the last case.
    private mutating func readRigSurroundings() {
        guard !suite.cases.isEmpty else { return }
        for (key, index) in [("setup", 0), ("teardown", suite.cases.count - 1)] {
            guard let steps = node[key]?.elements, !steps.isEmpty else { continue }
            for step in steps {
                if let read = rigStep(step, isCase: false) {
                    if key == "setup" { suite.cases[index].setup.append(read) }
                    if key == "teardown" { suite.cases[index].teardown.append(read) }
                }
            }
            let place = key == "setup" ? "first" : "last"
            lose(
                "`\(key)` became that of the \(place) case: it does not run if only others are selected.",
                at: steps[0]
            )
        }
    }

    private mutating func rigServer(_ node: SourceNode) -> [String] {
        if let line = text(node) {
            guard line.hasPrefix("http://") || line.hasPrefix("https://") else { return command(line, []) }
            return ["server: \(ReferenceText.yaml(.string(Self.interpolated(line))))"]
        }
        if let url = text(node["url"]) {
            loseUnknown(in: node, of: "the server", except: ["url", "headers", "transport"])
            var lines = ["server:", "  url: \(ReferenceText.yaml(.string(Self.interpolated(url))))"]
            if let transport = text(node["transport"]) {
                lines.append("  transport: \(transport == "sse" ? "sse" : "streamable-http")")
            }
            return lines
                + mapping("headers", node["headers"]) { .string(Self.interpolated($0.string ?? "")) }
        }
        loseUnknown(in: node, of: "the server", except: ["command", "args", "env", "cwd"])
        var lines = command(text(node["command"]) ?? "", texts(node["args"]).map(JSONValue.string))
        if let directory = text(node["cwd"]) { lines.append("  cwd: \(YAMLText.of(directory))") }
        return lines + mapping("env", node["env"]) { $0 }
    }

    /// `${NAME}` is a variable only in URLs and headers.
    private static func interpolated(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            result += rest[..<start.lowerBound] + ReferenceText.reference(to: String(rest[start.upperBound..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    // MARK: - Tests

    private static let testKeys = [
        "name", "call", "args", "expect", "timeout_s", "tags", "verify", "retry", "after_timeout", "fault",
    ]

    private mutating func readRigTest(_ test: SourceNode) {
        loseUnknown(in: test, of: "a test", except: Self.testKeys)
        guard let step = rigStep(test, isCase: true) else { return }
        var suiteCase = ImportedSuite.Case(name: text(test["name"]) ?? text(test["call"]) ?? "test", steps: [step])
        suiteCase.tags = texts(test["tags"])
        for node in test["verify"]?.elements ?? [] {
            if let step = rigStep(node, isCase: false) { suiteCase.steps.append(step) }
        }
        if let fault = test["fault"] {
            let name = text(fault) ?? ""
            suiteCase.skip = "mcp-rig lost the response on purpose (fault: \(name))"
            lose("`fault: \(name)` was not carried over, so the case is skipped.", at: fault)
        }
        if let retry = test["retry"] {
            lose("`retry` was not carried over: it repeats a call whose response was lost.", at: retry)
        }
        if let node = test["after_timeout"] {
            lose("`after_timeout` was not carried over: a run goes on with the next case in any case.", at: node)
        }
        suite.cases.append(suiteCase)
    }

    private mutating func rigStep(_ node: SourceNode, isCase: Bool) -> ImportedSuite.Step? {
        if !isCase { loseUnknown(in: node, of: "a step", except: ["call", "args", "expect", "timeout_s"]) }
        guard let call = text(node["call"]) else {
            lose("A test without `call` was not carried over.", at: node)
            return nil
        }
        var step = ImportedSuite.Step(action: "call: \(YAMLText.of(call))", arguments: node["args"]?.json)
        step.timeout = node["timeout_s"]?.json.number.map { "\($0.literal)s" }
        if let expect = node["expect"] { step.expect = rigExpectation(expect) }
        return step
    }

    private mutating func rigExpectation(_ node: SourceNode) -> [String] {
        var lines: [String] = []
        var conditions: [String] = []
        for entry in node.entries {
            let value = entry.value
            switch entry.key {
            case "is_error":
                guard isTrue(value) else { continue }
                lines.append("is_error: true")
                remark("`is_error: true` also accepted a protocol error. For that, write `error: true`.", at: value)
            case "contains": conditions += strings(value).map { "{contains: \(YAMLText.of(.string($0)))}" }
            case "not_contains":
                let texts = strings(value).map { "{contains: \(YAMLText.of(.string($0)))}" }
                conditions.append("{none: [\(texts.joined(separator: ", "))]}")
            case "matches":
                if let pattern = pattern(value) { conditions.append(pattern) }
            case "max_latency_ms":
                if let limit = milliseconds(value) { lines.append("latency: \(limit)") }
            case "json_path":
                let paths = value.entries.map { entry in
                    (
                        path: "/" + entry.key.split(separator: ".").map(Self.token).joined(separator: "/"),
                        matcher: equals(entry.value.json)
                    )
                }
                lines += self.lines("json", paths)
            case "schema": lines.append("schema: \(YAMLText.of(value.json))")
            case "snapshot":
                lines.append("snapshot: true")
                remark("The snapshots themselves were not carried over. Write them with: run --update", at: value)
            default: lose("`\(entry.key)` of an expectation was not carried over.", at: entry.keyOffset)
            }
        }
        if !conditions.isEmpty { lines.append("text: \(all(conditions))") }
        return lines
    }

    private func strings(_ node: SourceNode) -> [String] { text(node).map { [$0] } ?? texts(node) }

    /// A part of a JSON Pointer.
    private static func token(_ key: Substring) -> String {
        String(key).replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
