import JSON
import MCPClient

extension SuiteReader {
    mutating func steps(_ node: SourceNode, of what: String) -> [Step] {
        var steps: [Step] = []
        for item in list(node, of: what) { if let step = step(item) { steps.append(step) } }
        return steps
    }

    private mutating func step(_ node: SourceNode) -> Step? {
        let known = SuiteKeys.actions + ["args", "task"] + SuiteKeys.step
        guard let fields = fields(node, of: "a step", known) else { return nil }
        let actions = SuiteKeys.actions.filter { fields[$0] != nil }
        guard actions.count == 1 else {
            // A misspelled action is reported already.
            if actions.isEmpty, case .mapping(let entries) = node.content,
                entries.contains(where: { fields[$0.key] == nil })
            {
                return nil
            }
            add(
                actions.isEmpty
                    ? "A step needs one of: \(SuiteKeys.actions.joined(separator: ", "))."
                    : "A step does one thing, but this one has \(actions.map { "`\($0)`" }.joined(separator: " and ")).",
                at: node
            )
            return nil
        }
        if let args = fields["args"], !["call", "get"].contains(actions[0]) {
            add("`args` belongs to `call` and `get`, not to `\(actions[0])`.", at: args)
        }
        if let task = fields["task"], actions[0] != "call" {
            add("`task` belongs to `call`, not to `\(actions[0])`.", at: task)
        }
        guard let action = action(actions[0], fields) else { return nil }
        var step = Step(place: place(of: node), action: action)
        if let node = fields["name"] { step.name = string(node) }
        if let node = fields["timeout"] { step.timeout = duration(node) }
        if let node = fields["task"] { step.isTask = bool(node) ?? false }
        if let node = fields["expect"] { step.expect = expectation(node, of: actions[0]) }
        if let node = fields["capture"] {
            step.captures = captures(node)
            for capture in step.captures { captured.insert(capture.name) }
        }
        return step
    }

    private mutating func action(_ name: String, _ fields: Fields) -> Step.Action? {
        guard let node = fields[name] else { return nil }
        switch name {
        case "call": return .call(tool: text(node), arguments: fields["args"].flatMap { arguments($0) })
        case "read": return .read(text(node))
        case "get": return .get(prompt: text(node), arguments: fields["args"].flatMap { arguments($0) })
        case "list":
            let names = SuiteKeys.lists.map(\.name)
            guard let text = string(node) else { return nil }
            if let kind = SuiteKeys.lists.first(where: { $0.name == text })?.kind { return .list(kind) }
            add("Unknown list \"\(text)\".\(suggestion(for: text, among: names))", at: node)
            return nil
        case "complete": return completion(node)
        case "subscribe": return subscription(node)
        case "wait": return event(node).map { .wait($0) }
        case "raw": return raw(node)
        case "restart":
            guard bool(node) == false else { return .restart }
            add("`restart` must be true.", at: node)
            return nil
        default:
            var assertions: [Step.Assertion] = []
            if case .sequence(let nodes) = node.content {
                for node in nodes { if let assertion = assertion(node) { assertions.append(assertion) } }
            } else if let assertion = assertion(node) {
                assertions.append(assertion)
            }
            return .assert(assertions)
        }
    }

    /// A name or URI, which may refer to captured values.
    private mutating func text(_ node: SourceNode) -> Template {
        if case .scalar(let text, let isPlain) = node.content, !text.isEmpty, !isPlain || node.json.string != nil {
            return template(node)
        }
        add("Expected text, got \(node.typeName).", at: node)
        return .value("")
    }

    private mutating func arguments(_ node: SourceNode) -> Template? {
        if case .mapping = node.content { return template(node) }
        // The whole object may be a captured value.
        if case .reference(let name) = template(node) { return .reference(name) }
        add("`args` must be a mapping, got \(node.typeName).", at: node)
        return nil
    }

    private mutating func completion(_ node: SourceNode) -> Step.Action? {
        guard
            let fields = fields(node, of: "complete", ["prompt", "template", "argument", "value", "context"])
        else { return nil }
        guard (fields["prompt"] == nil) != (fields["template"] == nil) else {
            add("`complete` needs either `prompt` or `template`.", at: node)
            return nil
        }
        guard let argument = fields["argument"].flatMap({ string($0) }) else {
            add("`complete` needs the `argument` to complete.", at: node)
            return nil
        }
        return .complete(
            Step.Completion(
                prompt: fields["prompt"].map { text($0) },
                template: fields["template"].map { text($0) },
                argument: argument,
                value: fields["value"].map { template($0) } ?? .value(""),
                context: fields["context"].map { template($0) }
            )
        )
    }

    private mutating func subscription(_ node: SourceNode) -> Step.Action? {
        if case .scalar = node.content { return .subscribe(uris: [text(node)], lists: false) }
        guard let fields = fields(node, of: "subscribe", ["resources", "lists"]) else { return nil }
        var uris: [Template] = []
        if let node = fields["resources"] { for item in list(node, of: "resources") { uris.append(text(item)) } }
        var lists = false
        if let node = fields["lists"] { lists = bool(node) ?? false }
        if uris.isEmpty, !lists { add("Nothing to subscribe to: give `resources` or `lists: true`.", at: node) }
        return .subscribe(uris: uris, lists: lists)
    }

    private mutating func raw(_ node: SourceNode) -> Step.Action? {
        guard let fields = fields(node, of: "raw", ["method", "notification", "params", "bytes"]) else { return nil }
        let given = ["method", "notification", "bytes"].filter { fields[$0] != nil }
        guard given.count == 1, let value = fields[given[0]] else {
            add("`raw` needs one of: method, notification, bytes.", at: node)
            return nil
        }
        let params = fields["params"].map { template($0) }
        switch given[0] {
        case "bytes":
            if let params = fields["params"] { add("`params` does not go with `bytes`.", at: params) }
            return .raw(.bytes(text(value)))
        case "method": return string(value).map { .raw(.request(method: $0, params: params)) }
        default: return string(value).map { .raw(.notification(method: $0, params: params)) }
        }
    }

    private mutating func assertion(_ node: SourceNode) -> Step.Assertion? {
        guard case .mapping(let entries) = node.content, let value = node["value"] else {
            add("`assert` needs a `value` and a matcher, such as {value: ${case.total}, equals: 3}.", at: node)
            return nil
        }
        let rest = SourceNode(
            content: .mapping(entries.filter { $0.key != "value" }),
            offset: node.offset,
            weight: node.weight
        )
        let assertedValue = template(value)
        guard let matcher = matcher(rest) else { return nil }
        return Step.Assertion(place: place(of: node), value: assertedValue, matcher: matcher)
    }

    private mutating func captures(_ node: SourceNode) -> [Step.Capture] {
        guard let entries = mapping(node, of: "captured values by name") else { return [] }
        var captures: [Step.Capture] = []
        for entry in entries {
            guard Self.isName(entry.key) else {
                add(
                    "A captured value's name has letters, digits and `_`, and does not start with a digit.",
                    at: entry.keyOffset,
                    entry.key.count
                )
                continue
            }
            let place = place(of: entry.value)
            if case .mapping = entry.value.content {
                guard let fields = fields(entry.value, of: "capture", ["json", "result"]) else { continue }
                for (key, root) in [("json", ResultRoot.json), ("result", .result)] {
                    guard let node = fields[key], let text = string(node), let path = path(text, at: node) else {
                        continue
                    }
                    captures.append(.init(name: entry.key, place: place, root: root, path: path))
                }
            } else if let text = string(entry.value) {
                if text == "text" {
                    captures.append(.init(name: entry.key, place: place, root: .text, path: .pointer(JSONPointer())))
                } else if let path = path(text, at: entry.value) {
                    captures.append(.init(name: entry.key, place: place, root: .json, path: path))
                }
            }
        }
        return captures
    }
}
