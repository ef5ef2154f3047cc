import JSON
import JSONSchema
import MCP

extension SuiteReader {
    /// What may be expected of an action.
    private static func keys(of action: String) -> [String] {
        let common = ["result", "error", "latency", "snapshot", "events", "stderr", "stdout"]
        return switch action {
        case "call": ["text", "json", "is_error", "schema"] + common
        case "read", "get": ["text", "json", "schema"] + common
        case "list": ["names"] + common
        case "complete": ["values"] + common
        case "raw": ["text", "json", "is_error", "schema"] + common
        case "subscribe", "wait", "restart": ["error", "latency", "events", "stderr", "stdout"]
        default: []
        }
    }

    mutating func expectation(_ node: SourceNode, of action: String) -> Expectation {
        var expectation = Expectation()
        expectation.place = place(of: node)
        guard let fields = fields(node, of: "the expectation of `\(action)`", Self.keys(of: action)) else {
            return expectation
        }
        expectation.text = fields["text"].flatMap { matcher($0) }
        expectation.json = fields["json"].map { paths($0, of: "json") } ?? []
        expectation.result = fields["result"].map { paths($0, of: "result") } ?? []
        expectation.names = (fields["names"] ?? fields["values"]).flatMap { matcher($0) }
        expectation.isError = fields["is_error"].flatMap { bool($0) }
        expectation.error = fields["error"].flatMap { expectedError($0) }
        if let node = fields["schema"] { expectation.schema = schema(node) }
        expectation.latency = fields["latency"].flatMap { latency($0) }
        if let node = fields["snapshot"] {
            if case .mapping = node.content {
                guard let parts = self.fields(node, of: "snapshot", SuiteKeys.snapshot) else { return expectation }
                expectation.snapshot = snapshotKey(parts["name"], at: node)
                expectation.snapshotExceptions = parts["except"].map { exceptions($0) } ?? []
            } else {
                expectation.snapshot = snapshotKey(node.json == true ? nil : node, at: node)
            }
        }
        expectation.stderr = fields["stderr"].flatMap { matcher($0) }
        if let node = fields["stdout"], let text = string(node) {
            expectation.checksStdout = text == "clean"
            if !["clean", "any"].contains(text) {
                add("Unknown value \"\(text)\".\(suggestion(for: text, among: ["clean", "any"]))", at: node)
            }
        }
        if let node = fields["events"], let events = self.fields(node, of: "events", SuiteKeys.events) {
            expectation.eventsInOrder = events["in_order"].map { self.events($0, of: "in_order") } ?? []
            expectation.eventsInAnyOrder = events["any_order"].map { self.events($0, of: "any_order") } ?? []
            expectation.eventsNever = events["never"].map { self.events($0, of: "never") } ?? []
        }
        if expectation.error != nil,
            let conflict = ["text", "json", "result", "is_error"].first(where: { fields[$0] != nil })
        {
            add("`error` expects a protocol error, which has no result, so `\(conflict)` cannot be checked.", at: node)
        }
        return expectation
    }

    /// The key of a snapshot: the case with the given name, or with a number.
    private mutating func snapshotKey(_ nameNode: SourceNode?, at node: SourceNode) -> String? {
        snapshotCount += 1
        var name = "\(snapshotCount)"
        if let nameNode {
            guard let text = nonEmptyString(nameNode, of: "The name") else { return nil }
            name = text
        }
        let key = "\(caseName) / \(name)"
        if !snapshotKeys.insert(key).inserted { add("The case has another snapshot with this name.", at: node) }
        return key
    }

    /// The places that a snapshot does not have.
    private mutating func exceptions(_ node: SourceNode) -> [SuitePath] {
        var paths: [SuitePath] = []
        for item in list(node, of: "except") {
            if let text = string(item), let path = path(text, at: item) { paths.append(path) }
        }
        return paths
    }

    private mutating func expectedError(_ node: SourceNode) -> Expectation.ExpectedError? {
        var expected = Expectation.ExpectedError()
        if node.json == true { return expected }
        if node.json.int != nil {
            expected.code = .equals(.value(node.json))
            return expected
        }
        guard let fields = fields(node, of: "error", SuiteKeys.error) else { return nil }
        expected.code = fields["code"].flatMap { matcher($0) }
        expected.message = fields["message"].flatMap { matcher($0) }
        expected.data = fields["data"].map { paths($0, of: "data") } ?? []
        return expected
    }

    private mutating func schema(_ node: SourceNode) -> Expectation.SchemaCheck {
        if node.json == false { return .none }
        guard mapping(node, of: "a JSON Schema, or false") != nil else { return .ofTool }
        do throws(JSONSchemaError) {
            return .given(try JSONSchema(node.json))
        } catch {
            add("The schema is invalid: \(error).", at: node)
            return .ofTool
        }
    }

    // MARK: - Paths

    /// Matchers by JSON Pointer or JSONPath.
    mutating func paths(_ node: SourceNode, of what: String) -> [PathExpectation] {
        guard let entries = mapping(node, of: "matchers by path, such as {/name: x}") else { return [] }
        var paths: [PathExpectation] = []
        for entry in entries {
            let key = SourceNode(content: .scalar(entry.key, isPlain: true), offset: entry.keyOffset, weight: 1)
            guard let path = path(entry.key, at: key), let matcher = matcher(entry.value) else { continue }
            paths.append(PathExpectation(path: path, matcher: matcher, place: file.place(of: entry.keyOffset)))
        }
        return paths
    }

    mutating func path(_ text: String, at node: SourceNode) -> SuitePath? {
        if text.hasPrefix("$") {
            do throws(JSONPath.Fault) {
                return .query(try JSONPath(text))
            } catch {
                add("The JSONPath is invalid: \(error).", at: node)
                return nil
            }
        }
        if let pointer = JSONPointer(text) { return .pointer(pointer) }
        add("A path starts with `/` (JSON Pointer) or `$` (JSONPath). Did you mean `/\(text)`?", at: node)
        return nil
    }

    // MARK: - Events

    private mutating func events(_ node: SourceNode, of what: String) -> [EventPattern] {
        var events: [EventPattern] = []
        for item in list(node, of: what) { if let event = event(item) { events.append(event) } }
        return events
    }

    /// A notification: its name, or a mapping from its name to matchers of its parameters.
    mutating func event(_ node: SourceNode) -> EventPattern? {
        if case .mapping(let entries) = node.content {
            guard entries.count == 1, let entry = entries.first else {
                add("Expected one notification, such as {log: {/level: info}}.", at: node)
                return nil
            }
            let key = SourceNode(content: .scalar(entry.key, isPlain: true), offset: entry.keyOffset, weight: 1)
            guard let method = method(entry.key, at: key) else { return nil }
            let params = paths(entry.value, of: entry.key)
            return EventPattern(shownName: entry.key, method: method, params: params, place: place(of: node))
        }
        guard let name = string(node), let method = method(name, at: node) else { return nil }
        return EventPattern(shownName: name, method: method, params: [], place: place(of: node))
    }

    private mutating func method(_ name: String, at node: SourceNode) -> String? {
        if let known = SuiteKeys.notifications.first(where: { $0.name == name }) { return known.method.rawValue }
        if name.hasPrefix("notifications/") { return name }
        let names = SuiteKeys.notifications.map(\.name)
        add("Unknown notification `\(name)`.\(suggestion(for: name, among: names))", at: node)
        return nil
    }
}
