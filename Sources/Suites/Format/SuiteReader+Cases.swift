import JSON
import MCPClient
import Tester

extension SuiteReader {
    /// What a suite says for all of its cases.
    struct Common {
        var timeout = SuiteCase.defaultTimeout
        var retries = 0
        var tags: [String] = []
        var client = ClientDefinition()
        var isolation = SuiteCase.Isolation.perCase
        var setup: [Step] = []
        var teardown: [Step] = []
        /// What the common setup captures.
        var captured: Set<String> = []
    }

    mutating func common(_ fields: Fields) -> Common {
        var common = Common()
        if let node = fields["defaults"], let defaults = self.fields(node, of: "defaults", SuiteKeys.defaults) {
            if let node = defaults["timeout"] { common.timeout = duration(node) ?? common.timeout }
            if let node = defaults["retry"] { common.retries = integer(node, in: 0...10) ?? 0 }
            if let node = defaults["tags"] { common.tags = tags(node) }
        }
        captured = []
        if let node = fields["client"] { common.client = client(node) }
        if let node = fields["isolation"] { common.isolation = choice(node, SuiteCase.Isolation.self) ?? .perCase }
        if let node = fields["setup"] { common.setup = steps(node, of: "setup") }
        common.captured = captured
        if let node = fields["teardown"] { common.teardown = steps(node, of: "teardown") }
        return common
    }

    /// A case, in each cell of the matrix.
    mutating func suiteCase(
        _ node: SourceNode,
        _ common: Common,
        _ servers: [ServerDefinition],
        _ matrix: Matrix
    ) -> [SuiteCase] {
        guard let fields = fields(node, of: "a case", SuiteKeys.suiteCase) else { return [] }
        guard let nameNode = fields["name"] else {
            if !hasMisspelled("name", in: node, SuiteKeys.suiteCase) { add("A case needs a `name`.", at: node) }
            return []
        }
        guard let name = nonEmptyString(nameNode, of: "The name"),
            let server = server(fields["server"], servers, matrix, node)
        else { return [] }
        var suiteCase = SuiteCase(name: name, file: file.path, place: place(of: node), server: server)
        suiteCase.tags = common.tags
        if let node = fields["tags"] { suiteCase.tags += tags(node) }
        suiteCase.timeout = fields["timeout"].flatMap { duration($0) } ?? common.timeout
        suiteCase.retries = fields["retry"].flatMap { integer($0, in: 0...10) } ?? common.retries
        suiteCase.repeats = fields["repeat"].flatMap { integer($0, in: 1...10_000) } ?? 1
        suiteCase.isolation = fields["isolation"].flatMap { choice($0, SuiteCase.Isolation.self) } ?? common.isolation
        if suiteCase.isolation == .perFile, ([server] + matrix.servers).contains(where: { $0.instances > 1 }) {
            add("A case on several `instances` needs processes of its own. Remove `isolation: file`.", at: node)
        }
        let skip = fields["skip"].flatMap { reason($0, matrix) }
        let expectedFailure = fields["expected_failure"].flatMap { reason($0, matrix) }
        // Answers are prepared before anything is captured.
        captured = []
        (caseName, snapshotCount) = (name, 0)
        suiteCase.client = fields["client"].map { client($0) } ?? common.client
        captured = common.captured
        suiteCase.setup = common.setup
        if let node = fields["setup"] { suiteCase.setup += steps(node, of: "setup") }
        if let node = fields["steps"] {
            suiteCase.steps = steps(node, of: "steps")
            if case .sequence(let nodes) = node.content, nodes.isEmpty { add("`steps` is empty.", at: node) }
        } else if !hasMisspelled("steps", in: node, SuiteKeys.suiteCase) {
            add("The case \"\(name)\" has no `steps`.", at: node)
        }
        if let node = fields["teardown"] { suiteCase.teardown = steps(node, of: "teardown") }
        suiteCase.teardown += common.teardown
        return cells(
            of: suiteCase,
            in: matrix,
            hasOwnServer: fields["server"] != nil,
            skip: skip,
            expectedFailure: expectedFailure
        )
    }

    private mutating func server(
        _ node: SourceNode?,
        _ servers: [ServerDefinition],
        _ matrix: Matrix,
        _ caseNode: SourceNode
    ) -> ServerDefinition? {
        guard let node else {
            if let server = matrix.servers.first { return server }
            if servers.count > 1 {
                add("The suite has several servers: name one with `server`.", at: caseNode)
            }
            return servers.count == 1 ? servers[0] : nil
        }
        guard let name = string(node) else { return nil }
        if let server = servers.first(where: { $0.name == name }) { return server }
        add("Unknown server \"\(name)\".\(suggestion(for: name, among: servers.map(\.name)))", at: node)
        return nil
    }

    private mutating func tags(_ node: SourceNode) -> [String] {
        var tags: [String] = []
        for item in list(node, of: "tags") { if let tag = nonEmptyString(item, of: "The tag") { tags.append(tag) } }
        return tags
    }

    // MARK: - Client

    private mutating func client(_ node: SourceNode) -> ClientDefinition {
        var client = ClientDefinition()
        guard let fields = fields(node, of: "client", SuiteKeys.client) else { return client }
        if let node = fields["answers"] {
            for item in list(node, of: "answers") { if let answer = answer(item) { client.answers.append(answer) } }
        }
        if let node = fields["roots"] { client.roots = roots(node) }
        if let node = fields["undeclared"] {
            for item in list(node, of: "undeclared") {
                if let kind = choice(item, ReceivedInputRequest.Kind.self) { client.undeclared.insert(kind) }
            }
        }
        return client
    }

    private mutating func roots(_ node: SourceNode) -> [JSONObject] {
        var roots: [JSONObject] = []
        for item in list(node, of: "roots") {
            if case .scalar = item.content, let uri = string(item) {
                roots.append(["uri": .string(uri)])
            } else if let fields = fields(item, of: "a root", ["uri", "name"]) {
                guard let uri = fields["uri"].flatMap({ string($0) }) else {
                    add("A root needs a `uri`.", at: item)
                    continue
                }
                var root: JSONObject = ["uri": .string(uri)]
                if let node = fields["name"], let name = string(node) { root["name"] = .string(name) }
                roots.append(root)
            }
        }
        return roots
    }

    private static let answerKeys = [
        "match", "action", "content", "text", "message", "role", "model", "roots", "error", "optional", "request",
    ]

    private mutating func answer(_ node: SourceNode) -> ClientDefinition.Answer? {
        guard let fields = fields(node, of: "an answer", Self.answerKeys) else { return nil }
        if let match = fields["match"] {
            _ = self.fields(match, of: "match", ["kind", "key", "message_contains", "fields"])
        }
        var isOptional = false
        if let node = fields["optional"] { isOptional = bool(node) ?? false }
        let request = fields["request"].map { paths($0, of: "request") } ?? []
        let parts = Self.answerKeys.filter { !["optional", "request"].contains($0) }
        var answer = JSONObject()
        for key in parts {
            if let node = fields[key], case .value(let value) = template(node) { answer.append(key, value) }
        }
        guard answer.members.contains(where: { $0.key != "match" }) else {
            add("The answer is empty. Give `action` and `content`, `text`, `roots` or `error`.", at: node)
            return nil
        }
        do throws(Failure) {
            _ = try PreparedAnswer(answer, place: 1)
        } catch {
            add("\(error.message) \(error.nextStep)", at: node)
            return nil
        }
        return ClientDefinition.Answer(
            place: place(of: node),
            answer: answer,
            isOptional: isOptional,
            request: request
        )
    }
}
