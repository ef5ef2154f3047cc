public import JSON
public import MCP

/// The report on one operation: the same object for an assistant, a terminal and a script.
///
/// The verdict comes first, a line after which a reader may stop; then the keys of the first mcp-test-mcp; then the
/// target's own words, verbatim, under keys that say so; then failure class, evidence and next step.
public struct Report: Sendable {
    /// A fault of the target, as every part of the tester reports it.
    public typealias Finding = Tester.Finding

    private struct Contents {
        var outcome: Outcome
        var summary: String
        var members: [Member] = []
        var failure: Failure?
        var findings: [Finding] = []
        var nextStep: String?
        var pending: PendingInput?
        var consent: ConsentRequest?
        var redactor: Redactor = Redactor()
        var recurrence: Recurrence?
        var commandLine: String?
        var revision: Revision?
        var connectionID: String?
        var targetTime: Duration?
    }

    /// Its only element has the properties.
    ///
    /// A report passes through many async functions, each of which reserves room for it and copies it: this way a copy is
    /// one reference.
    private var contents: [Contents]

    /// The outcome.
    public var outcome: Outcome {
        get { contents[0].outcome }
        _modify { yield &contents[0].outcome }
    }
    /// The verdict without the outcome and the number of findings.
    public var summary: String {
        get { contents[0].summary }
        _modify { yield &contents[0].summary }
    }
    /// The members of the object after verdict and success.
    public var members: [Member] {
        get { contents[0].members }
        _modify { yield &contents[0].members }
    }
    /// What went wrong, if something did.
    public var failure: Failure? {
        get { contents[0].failure }
        _modify { yield &contents[0].failure }
    }
    /// Faults of the target that did not prevent a result.
    public var findings: [Finding] {
        get { contents[0].findings }
        _modify { yield &contents[0].findings }
    }
    /// What to do next, if nothing failed.
    public var nextStep: String? {
        get { contents[0].nextStep }
        _modify { yield &contents[0].nextStep }
    }
    /// The input that the target requests before it goes on, if it does.
    public internal(set) var pending: PendingInput? {
        get { contents[0].pending }
        _modify { yield &contents[0].pending }
    }
    /// The consent that a login of the target waits for, if it does.
    public internal(set) var consent: ConsentRequest? {
        get { contents[0].consent }
        _modify { yield &contents[0].consent }
    }
    /// Replaces the secrets of the session in everything that the report shows.
    public var redactor: Redactor {
        get { contents[0].redactor }
        _modify { yield &contents[0].redactor }
    }
    /// Whether the failure occurred before.
    public internal(set) var recurrence: Recurrence? {
        get { contents[0].recurrence }
        _modify { yield &contents[0].recurrence }
    }
    /// The command line that repeats what failed.
    public internal(set) var commandLine: String? {
        get { contents[0].commandLine }
        _modify { yield &contents[0].commandLine }
    }
    /// The revision that the target speaks, if that is known.
    public package(set) var revision: Revision? {
        get { contents[0].revision }
        _modify { yield &contents[0].revision }
    }
    /// The ID of the connection that it is about, if it is about one.
    public internal(set) var connectionID: String? {
        get { contents[0].connectionID }
        _modify { yield &contents[0].connectionID }
    }
    /// The time that the target took to respond, if it is measured.
    var targetTime: Duration? {
        get { contents[0].targetTime }
        _modify { yield &contents[0].targetTime }
    }

    /// A named part of a report.
    public struct Member: Sendable {
        /// The name.
        public var key: String
        /// The value.
        public var value: Part
        /// How much detail a reader has to want to see it as text.
        public var detail: Detail
        /// The members of an object that are shown as text, unless everything is (default: all).
        public var textKeys: Set<String>?

        /// Creates a member.
        public init(key: String, value: Part, detail: Detail = .standard, textKeys: Set<String>? = nil) {
            self.key = key
            self.value = value
            self.detail = detail
            self.textKeys = textKeys
        }
    }

    /// How much detail a reader wants; structured content always has everything.
    public enum Detail: Int, Sendable, Comparable {
        /// The result alone.
        case core
        /// What most readers need.
        case standard
        /// Everything.
        case full

        /// Whether one is less detail than another.
        public static func < (one: Detail, other: Detail) -> Bool { one.rawValue < other.rawValue }
    }

    /// A value in a report: created here, or taken from the target as received.
    public enum Part: Sendable {
        /// A value created here.
        case value(JSONValue)
        /// Text that is small enough never to be cut.
        case text(JSONText)
        /// Text that may be large: it is cut to the budget of the reader.
        case payload(JSONText)
        /// A result with images, audio or bytes, of which the text shows type, size and hash.
        case media(JSONText)
        /// What the text shows of a result with media.
        case summary(JSONText)
        /// Named parts.
        case object([Member])
        /// Parts in order; a long list of payloads is cut as one.
        case list([Part])
        /// The entries of a list, which can be shown in less detail.
        case entries(EntryList)
        /// A value with a shorter form for the text.
        case forms(text: JSONText, structured: JSONText)
    }

    /// Creates a report without members.
    public init(_ outcome: Outcome, _ summary: String) {
        contents = [Contents(outcome: outcome, summary: summary)]
    }

    /// The maximum length of a verdict in characters.
    public static let verdictLimit = 200

    /// The first line of the report: the outcome, the summary, and the number of findings if nothing failed.
    public var verdict: String {
        let summary = redactor.isEmpty ? summary : redactor.redact(summary)
        let line = summary.isOneLine ? summary : summary.split(whereSeparator: \.isNewline).joined(separator: " ")
        let verdict = "\(outcome.rawValue): \(line)"
        let ending = verdictEnding
        let room = Self.verdictLimit - ending.count
        guard verdict.utf8.count > room, verdict.count > room else {
            return ending.isEmpty ? verdict : verdict + ending
        }
        let beginning = verdict.prefix(room - 1)
        // After a word, unless a long one would leave little.
        let end = beginning.suffix(30).lastIndex(of: " ") ?? beginning.endIndex
        return "\(beginning[..<end])…\(ending)"
    }

    /// The end of the verdict, which is never cut.
    private var verdictEnding: String {
        if failure == nil, !findings.isEmpty { return "; \(findings.count) finding\(findings.count == 1 ? "" : "s")" }
        if let recurrence, recurrence.isRepeated { return " (\(recurrence.description))" }
        return ""
    }

    /// Adds a value created here.
    public mutating func add(_ key: String, _ value: JSONValue) {
        add(key, .value(value))
    }

    /// Adds a part.
    public mutating func add(
        _ key: String,
        _ part: Part,
        detail: Detail? = nil,
        textKeys: Set<String>? = nil
    ) {
        let detail = detail ?? (Self.besidesResult.contains(key) ? .standard : .core)
        // Users of the first mcp-test-mcp read its metadata in the text; the rest is in the structured content.
        let textKeys = textKeys ?? (key == "metadata" ? Self.metadataInText : nil)
        members.append(Member(key: key, value: part, detail: detail, textKeys: textKeys))
    }

    /// The members that are not part of the result itself.
    private static let besidesResult: Set<String> = [
        "metadata", "message", "checks", "events", "events_left_out", "connections", "evidence", "subscriptions",
        "waiting_calls", "lists_changed", "resources_updated",
    ]

    /// The members of `metadata` that the first mcp-test-mcp had, and those that tell the reader what to do.
    private static let metadataInText: Set<String> = [
        "request_time_ms", "server_url", "connection_statistics", "total_tools", "total_resources", "total_prompts",
        "total_resource_templates", "unmatched_tools", "unmatched_resources", "unmatched_prompts", "retrieved_at",
        "server_name", "server_version", "attempted_url", "connection_duration_seconds", "was_connected",
        "previous_connection",
        "content_size", "prompt_retrieval_ms", "llm_execution_ms", "total_time_ms", "llm_endpoint", "llm_model",
        "auth_source", "caution",
    ]
}

extension Report {
    /// Creates the report on a failure.
    ///
    /// - Parameters:
    ///   - emptyPayload: The member in which users of the first mcp-test-mcp expect the payload.
    ///   - context: What is appended to the verdict, such as the connection.
    public init(_ failure: Failure, emptyPayload: (key: String, value: JSONValue)? = nil, context: String = "") {
        self.init(failure.outcome, failure.headline + context)
        self.failure = failure
        if let emptyPayload { add(emptyPayload.key, .value(emptyPayload.value), detail: .core) }
    }

    /// Whether the operation did what it was for.
    var isSuccess: Bool { failure == nil && pending == nil }

    /// What the findings ask for; nil if the target needs input first.
    private var adviceOfFindings: String? { pending == nil ? findings.first?.advice : nil }

    /// Passes all members after verdict and success on, in the order in which they are written.
    ///
    /// Secrets are replaced before anything is cut, so that no beginning of a secret is left.
    func forEachPart(_ body: (Member) -> Void) {
        redactor.isEmpty ? forEachOriginalPart(body) : forEachOriginalPart { body(redactor.redact($0)) }
    }

    private func forEachOriginalPart(_ body: (Member) -> Void) {
        if let failure {
            for member in members where member.key != "metadata" { body(member) }
            body(Member(key: "error", value: failure.error, detail: .core))
            for member in members where member.key == "metadata" { body(member) }
            for (key, text) in failure.targetSaid { body(Member(key: key, value: .media(text), detail: .core)) }
        } else {
            for member in members { body(member) }
        }
        if !findings.isEmpty {
            body(Member(key: "findings", value: .list(findings.map { .object($0.members(rule: rule(of: $0))) })))
        }
        if let nextStep = failure == nil ? nextStep ?? adviceOfFindings : nil {
            body(Member(key: "next_step", value: .value(.string(nextStep))))
        }
        if let failure {
            body(Member(key: "failure_class", value: .value(.string(failure.failureClass.rawValue))))
            if let rule = rule(of: failure) {
                body(Member(key: "rule", value: .value(.string(rule)), detail: .full))
            }
            if let recurrence {
                body(Member(key: "fingerprint", value: .value(.string(recurrence.fingerprint))))
                body(Member(key: "failure_number", value: .value(JSONValue(recurrence.number))))
            }
            if let commandLine { body(Member(key: "repeat_with", value: .payload(JSONText(.string(commandLine))))) }
            if !failure.evidence.isEmpty {
                let isShown = recurrence?.isRepeated != true && failure.hasEvidenceInText
                body(Member(key: "evidence", value: failure.evidencePart, detail: isShown ? .standard : .full))
            }
        }
    }
}

extension Failure {
    /// The first sentence of the message, which is enough for a verdict; the report has the whole message once.
    fileprivate var headline: String {
        let end = message.indices.first { index in
            guard ".?!".contains(message[index]) else { return false }
            let next = message.index(after: index)
            return next < message.endIndex && message[next] == " "
        }
        guard let end else { return message }
        let head = message[...end]
        // A server's own words in parentheses may have several sentences.
        let isOpen = head.count { $0 == "(" } > head.count { $0 == ")" }
        return isOpen ? "\(head) …)." : String(head)
    }

    /// The error as users of the first mcp-test-mcp know it.
    ///
    /// The text omits the details that the caller has given.
    fileprivate var error: Report.Part {
        var members: [Report.Member] = [
            .init(key: "error_type", value: .value(.string(errorType.rawValue)), detail: .core),
            .init(key: "message", value: .payload(JSONText(.string(message))), detail: .core),
        ]
        let own = details.members.filter { !Self.givenDetails.contains($0.key) }
        members.append(
            .init(
                key: "details",
                value: .forms(text: JSONText(.object(JSONObject(own))), structured: JSONText(.object(details))),
                detail: own.isEmpty ? .full : .standard
            )
        )
        members.append(.init(key: "suggestion", value: .value(.string(nextStep)), detail: .core))
        return .object(members)
    }

    /// What the caller has given, or what stands elsewhere.
    private static let givenDetails: Set<String> = [
        "tool_name", "arguments", "prompt_name", "uri", "code", "available_tools", "available_prompts", "violations",
        "checked_against",
    ]

    /// The evidence: facts as they are, and long texts of the target cut to the budget.
    ///
    /// The text omits the request if the response is shown, and what describes the connection.
    fileprivate var evidencePart: Report.Part {
        .object(
            evidence.members.map { member in
                guard case .object(let server) = member.value, member.key == "server" else {
                    let isFull = member.key == "elapsed_ms" || repeats(member)
                    return .init(
                        key: member.key,
                        value: .payload(JSONText(member.value)),
                        detail: isFull ? .full : .standard
                    )
                }
                return .server(server)
            }
        )
    }

    /// Whether this is the request, beside the response to it: the caller knows what was sent.
    private func repeats(_ member: JSONObject.Member) -> Bool {
        guard !targetSaid.isEmpty else { return false }
        let frames = member.key == "last_frames" ? member.value.array : nil
        return member.key == "request" || frames?.allSatisfy { $0["direction"] == "sent" } ?? false
    }

    /// Whether the text shows any of the evidence.
    fileprivate var hasEvidenceInText: Bool {
        guard case .object(let members) = evidencePart else { return false }
        return members.contains { $0.detail < .full }
    }
}

extension Report {
    /// The address of the rule that a finding is about, in the revision of the target; nil if it breaks none.
    public func rule(of finding: Finding) -> String? {
        finding.page.flatMap { (revision ?? .latest).url(of: $0) }
    }

    /// The address of the rule that a failure is about; nil if it breaks none.
    public func rule(of failure: Failure) -> String? {
        failure.page.flatMap { (revision ?? .latest).url(of: $0) }
    }
}

extension Finding {
    /// The finding as a reader sees it.
    ///
    /// - Parameter rule: The address of the rule, which programs read.
    func members(rule: String?) -> [Report.Member] {
        var members: [Report.Member] = [
            .init(key: "failure_class", value: .value(.string(failureClass.rawValue))),
            .init(key: "message", value: .payload(JSONText(.string(message)))),
        ]
        if !evidence.isEmpty { members.append(.init(key: "evidence", value: .payload(JSONText(.object(evidence))))) }
        if let rule { members.append(.init(key: "rule", value: .value(.string(rule)), detail: .full)) }
        return members
    }
}

extension String {
    fileprivate var isOneLine: Bool {
        utf8.withContiguousStorageIfAvailable { !$0.contains { $0 == 0x0A || $0 == 0x0D } } ?? false
    }
}
