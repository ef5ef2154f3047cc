import JSON
import MCP
import MCPClient
import Synchronization

/// Uses what a server offers as far as that is safe, and keeps what happened and what was omitted.
struct ServerExercise {
    /// Something that was used.
    struct Step {
        var what: String
        /// `PASS`, `FAIL`, or how a made-up argument was received.
        var outcome: String
        var message: String?
        var duration: Double?
    }

    let session: TesterSession
    let connection: Connection
    let request: TestRequest
    private(set) var steps: [Step] = []
    /// What was not exercised, and why.
    private(set) var omissions: [(what: String, reason: String)] = []
    /// Faults of the server.
    private(set) var findings: [Report.Finding] = []
    /// Remarks that are not faults.
    private(set) var advice: [Report.Finding] = []
    private(set) var calledTools = 0
    /// Whether something failed that valid arguments of the user may not make fail.
    private(set) var failedWithMadeUpArguments = false
    private var done = 0
    private var total = ListKind.allCases.count

    /// How many resources, templates and prompts are used at most, each.
    static let limit = 50
    /// Why something is not used after the server has fallen silent.
    static let silent = "the server does not respond any more"

    init(_ session: TesterSession, _ connection: Connection, _ request: TestRequest) {
        self.session = session
        self.connection = connection
        self.request = request
    }

    mutating func begin(_ step: String) {
        request.onProgress?(TestProgress(done: done, total: max(total, done + 1), step: step))
        done += 1
    }

    /// Counts steps that are still to come.
    mutating func expect(_ steps: Int) { total += steps }

    mutating func omit(_ what: String, _ reason: String) { omissions.append((what, reason)) }

    mutating func add(_ step: Step) { steps.append(step) }

    mutating func report(_ failureClass: FailureClass, _ sentence: String) {
        findings.append(.init(failureClass, sentence))
    }

    mutating func advise(_ failureClass: FailureClass, _ sentence: String) {
        advice.append(Finding(failureClass, sentence).asAdvice)
    }

    private var options: CallOptions { CallOptions(on: connection.id) }

    /// Whether the server can take another request.
    var isUsable: Bool { connection.client.link.end == nil && connection.silence == nil }

    // MARK: - What is used

    mutating func run(_ survey: Survey) async {
        let tools = survey.items(.tools)
        let chosen = tools.filter { mayCall($0) }
        let resources = request.isFull ? survey.items(.resources) : []
        let prompts = request.isFull ? survey.items(.prompts) : []
        total += chosen.count + min(resources.count, Self.limit) + min(prompts.count, Self.limit)
        await call(chosen)
        omitUncalled(tools.count - chosen.count)
        guard request.isFull else {
            omitUnused(survey)
            return
        }
        for item in resources.prefix(Self.limit) { await read(item) }
        if resources.count > Self.limit {
            omit("\(resources.count - Self.limit) resources", "only \(Self.limit) are read")
        }
        await useTemplates(survey)
        for item in prompts.prefix(Self.limit) { await render(item) }
        if prompts.count > Self.limit {
            omit("\(prompts.count - Self.limit) prompts", "only \(Self.limit) are rendered")
        }
    }

    private func mayCall(_ tool: JSONText) -> Bool {
        guard let name = tool["name"]?.string else { return false }
        if request.calls.contains(name) { return true }
        return request.isFull && tool["annotations"]?["readOnlyHint"]?.bool == true
    }

    private mutating func omitUncalled(_ count: Int) {
        guard count > 0 else { return }
        let what = count == 1 ? "1 tool" : "\(count) tools"
        omit(
            what,
            request.isFull
                ? "not declared read-only (readOnlyHint), so it may change something; allow it by name with call (--call NAME)"
                : "a quick test calls none; quick_test: false (--full) calls read-only ones, call (--call NAME) those it names"
        )
    }

    private mutating func omitUnused(_ survey: Survey) {
        let counts = [ListKind.resources, .resourceTemplates, .prompts].compactMap { kind -> String? in
            let count = survey.items(kind).count
            return count == 0 ? nil : "\(count) \(kind.noun)\(count == 1 ? "" : "s")"
        }
        let what = (counts + ["the other era", "the shutdown"]).joined(separator: ", ")
        omit(what, "a quick test only lists; use quick_test: false (--full)")
    }

    private mutating func call(_ tools: [JSONText]) async {
        for tool in tools {
            guard let name = tool["name"]?.string else { continue }
            let what = "tools/call \"\(name)\""
            guard isUsable else {
                omit(what, Self.silent)
                continue
            }
            let schema = tool["inputSchema"]?.value().object ?? [:]
            let given = request.samples.tools[name]
            guard let arguments = given ?? Example.content(for: schema) else {
                omit(what, "no valid arguments could be made from its schema")
                continue
            }
            begin(what)
            calledTools += 1
            let task: TaskMode? = tool["execution"]?["taskSupport"]?.string == "required" ? .wait : nil
            let report = await session.callTool(
                name,
                arguments: JSONText(.object(arguments)),
                with: options,
                task: task
            )
            judge(await settled(report), what, madeUp: given == nil ? arguments : [:])
        }
    }

    private mutating func read(_ resource: JSONText) async {
        if let uri = resource["uri"]?.string { await read(uri, madeUp: [:]) }
    }

    mutating func read(_ uri: String, madeUp: JSONObject) async {
        let what = "resources/read \"\(uri)\""
        guard isUsable else { return omit(what, Self.silent) }
        begin(what)
        let report = await settled(await session.readResource(uri, with: options))
        judge(report, what, madeUp: madeUp)
    }

    private mutating func render(_ prompt: JSONText) async {
        guard let name = prompt["name"]?.string else { return }
        let what = "prompts/get \"\(name)\""
        guard isUsable else { return omit(what, Self.silent) }
        begin(what)
        let given = request.samples.prompts[name]
        let names = (prompt["arguments"]?.elements ?? []).compactMap { $0["name"]?.string }
        let arguments = given ?? JSONObject(names.map { .init(key: $0, value: "example") })
        let text = arguments.isEmpty ? nil : JSONText(.object(arguments))
        let report = await session.getPrompt(name, arguments: text, with: options)
        judge(await settled(report), what, madeUp: given == nil ? arguments : [:])
    }

    /// Gives valid example answers to input requests, a few times.
    private func settled(_ report: Report) async -> Report {
        var report = report
        for _ in 0..<5 {
            guard let pending = report.pending else { break }
            let answers = pending.questions.map { question in
                JSONObject.Member(key: question.key, value: .object(question.example ?? ["action": "decline"]))
            }
            report = await session.respond(pending.callID, with: JSONObject(answers))
        }
        return report
    }

    // MARK: - Judging

    /// - Parameter madeUp: The arguments that are not the user's, to which the server may rightly object; empty if there
    ///   are none.
    mutating func judge(_ report: Report, _ what: String, madeUp: JSONObject) {
        let duration = report.members.first { $0.key == "metadata" }.flatMap { member -> Double? in
            guard case .value(let value) = member.value else { return nil }
            return value["request_time_ms"]?.number?.double
        }
        // The faults on the wire are collected for the whole connection.
        advice += report.findings.filter { [.toolError, .schemaMismatch].contains($0.failureClass) }
        guard let failure = report.failure else {
            let isOpen = report.pending != nil
            add(Step(what: what, outcome: isOpen ? "NEEDS_INPUT" : "PASS", message: nil, duration: duration))
            return
        }
        let isRefusal = failure.failureClass == .toolError || failure.details["code"] != nil
        let arguments = Evidence.text(Array(JSONValue.object(madeUp).description.utf8), limit: 200)
        if !madeUp.isEmpty, isRefusal, failure.details["exception"] == nil {
            add(Step(what: what, outcome: "REFUSED", message: failure.message, duration: duration))
            advise(
                failure.failureClass,
                "\(what) refused made-up arguments that match its schema, \(arguments): \(failure.message)"
            )
        } else {
            add(Step(what: what, outcome: failure.outcome.rawValue, message: failure.message, duration: duration))
            let with = madeUp.isEmpty ? "" : " with the made-up arguments \(arguments)"
            findings.append(.init(failure.failureClass, "\(what)\(with): \(failure.message)"))
            if !madeUp.isEmpty, isRefusal { failedWithMadeUpArguments = true }
        }
    }
}

extension ServerExercise {
    /// What was exercised and what was not, for the report.
    var members: [Report.Member] {
        var members: [Report.Member] = [
            .init(key: "exercised", value: .list(steps.map(\.part))),
            .init(
                key: "not_exercised",
                value: .value(
                    .array(omissions.map { ["what": .string($0.what), "why": .string($0.reason)] })
                )
            ),
        ]
        if !advice.isEmpty {
            let revision = connection.client.revision
            let shown = advice.prefix(50).map { finding in
                Report.Part.object(finding.members(rule: finding.page.flatMap(revision.url)))
            }
            members.append(.init(key: "advice", value: .list(shown)))
        }
        return members
    }
}

extension ServerExercise.Step {
    fileprivate var part: Report.Part {
        var members: [Report.Member] = [
            .init(key: "what", value: .value(.string(what))), .init(key: "outcome", value: .value(.string(outcome))),
        ]
        if let duration { members.append(.init(key: "duration_ms", value: .value(JSONValue(duration)))) }
        if let message { members.append(.init(key: "message", value: .payload(JSONText(.string(message))))) }
        return .object(members)
    }
}

extension Survey {
    /// The items of a kind, as received.
    func items(_ kind: ListKind) -> [JSONText] {
        sections.first { $0.kind == kind }?.fetched.listing.items ?? []
    }
}
