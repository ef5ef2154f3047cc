import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import Tester

/// Compares how a step ended with what is expected of it.
struct StepJudge {
    let step: Step
    let place: CaseConnection
    /// The number of the last event before the step.
    let mark: Int
    let answers: [ClientDefinition.Answer]

    private var expect: Expectation { step.expect }
    private var location: SourcePlace { expect.place ?? step.place }

    // MARK: - Results

    func failures(of view: ResultView, elapsed: Duration, _ scope: Scope) throws(MissingValue) -> [StepFailure] {
        if expect.error != nil {
            return [
                StepFailure(
                    "error",
                    "expected a protocol error, got a result",
                    details: [Excerpt.of(view.result)],
                    at: location
                )
            ]
        }
        var failures: [StepFailure] = []
        if let failure = toolError(view) {
            // The text of the error is not what the other expectations are about.
            if view.result["isError"] == true { return [failure] }
            failures.append(failure)
        }
        if let matcher = expect.text {
            let mismatch = try matcher.mismatch(of: view.text.map(JSONValue.string), in: scope)
            if let mismatch { failures.append(StepFailure("text", mismatch, at: location)) }
        }
        if let matcher = expect.names, let mismatch = try matcher.mismatch(of: view.names, in: scope) {
            failures.append(StepFailure(view.kind == .list ? "names" : "values", mismatch, at: location))
        }
        if !expect.json.isEmpty {
            if let json = view.json {
                failures += try Self.failures(expect.json, "json", in: json, scope)
            } else if try !Self.failures(expect.json, "json", in: nil, scope).isEmpty {
                let details = view.text.map { ["text: \(Excerpt.of(.string($0)))"] } ?? []
                failures.append(
                    StepFailure(
                        "json",
                        "the result has neither structured content nor text that is JSON",
                        details: details,
                        at: expect.json[0].place
                    )
                )
            }
        }
        failures += try Self.failures(expect.result, "result", in: view.result, scope)
        if let failure = latencyFailure(elapsed) { failures.append(failure) }
        return failures
    }

    func failures(ofNothing elapsed: Duration, _ scope: Scope) throws(MissingValue) -> [StepFailure] {
        latencyFailure(elapsed).map { [$0] } ?? []
    }

    private func toolError(_ view: ResultView) -> StepFailure? {
        guard view.kind == .tool || expect.isError != nil else { return nil }
        let isError = view.result["isError"]?.bool ?? false
        guard isError != expect.isError ?? false else { return nil }
        guard isError else { return StepFailure("is_error", "expected a tool error, got a result", at: location) }
        let lines = (view.text ?? "").split(whereSeparator: \.isNewline).map(String.init)
        guard let first = lines.first else {
            return StepFailure("is_error", "the tool reported an error without text", at: step.place)
        }
        return StepFailure(
            "is_error",
            "the tool reported an error: \(Excerpt.of(.string(first)))",
            details: lines.dropFirst().prefix(10).map { Excerpt.of(line: $0) },
            at: step.place
        )
    }

    private func latencyFailure(_ elapsed: Duration) -> StepFailure? {
        guard let limit = expect.latency, elapsed >= limit else { return nil }
        return StepFailure("latency", "expected less than \(limit.shown), took \(elapsed.shown)", at: location)
    }

    private static func failures(
        _ expectations: [PathExpectation],
        _ root: String,
        in document: JSONValue?,
        _ scope: Scope
    ) throws(MissingValue) -> [StepFailure] {
        var failures: [StepFailure] = []
        for expectation in expectations {
            let value = document.flatMap { expectation.path.value(in: $0) }
            guard var mismatch = try expectation.matcher.mismatch(of: value, in: scope) else { continue }
            if value == nil, let names = keysNearby(expectation.path, in: document) { mismatch.details.append(names) }
            failures.append(StepFailure("\(root) \(expectation.path.description)", mismatch, at: expectation.place))
        }
        return failures
    }

    /// The members that are there where a path leads to nothing.
    private static func keysNearby(_ path: SuitePath, in document: JSONValue?) -> String? {
        guard case .pointer(let pointer) = path, let slash = pointer.description.lastIndex(of: "/") else { return nil }
        let parent = JSONPointer(String(pointer.description[..<slash])) ?? JSONPointer()
        switch document?[parent] {
        case .object(let object)?:
            return "members there: \(object.isEmpty ? "none" : object.keys.prefix(20).joined(separator: ", "))"
        case .array(let elements)?: return "the list there has \(elements.count) elements"
        default: return nil
        }
    }

    // MARK: - Errors

    func failures(of error: CallError, _ scope: Scope) throws(MissingValue) -> [StepFailure] {
        guard let expected = expect.error, case .rejected(let refusal) = error.cause else {
            let link = place.client.link
            var failure = Diagnosis.of(error, during: step.title, of: place.connection.target, on: link, since: mark)
            failure.reword(place.wording)
            let check = expect.error == nil ? "request" : "error"
            let prefix = expect.error == nil ? "" : "expected a protocol error: "
            // Other advice is about reports that have the evidence under names.
            let hasAdvice = ![.protocolError, .crashed].contains(failure.failureClass) && !failure.nextStep.isEmpty
            let details = hasAdvice ? [failure.nextStep] : []
            return [StepFailure(check, prefix + failure.message, details: details, at: step.place)]
        }
        var failures: [StepFailure] = []
        if let mismatch = try expected.code?.mismatch(of: JSONValue(refusal.code), in: scope) {
            failures.append(
                StepFailure(
                    "error code",
                    mismatch.with("message: \(Excerpt.of(.string(refusal.message)))"),
                    at: location
                )
            )
        }
        if let mismatch = try expected.message?.mismatch(of: .string(refusal.message), in: scope) {
            failures.append(StepFailure("error message", mismatch, at: location))
        }
        failures += try Self.failures(expected.data, "error data", in: refusal.data ?? .null, scope)
        return failures
    }

    // MARK: - Events

    var stderrLines: [String] {
        place.client.link.events.since(max(mark, place.connectMark), kinds: [.stderr]).entries.compactMap { entry in
            if case .standardError(let bytes) = entry.content { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    func eventFailures(_ scope: Scope) throws(MissingValue) -> [StepFailure] {
        var failures: [StepFailure] = []
        if expect.checksStdout { failures += Self.noise(on: place.client.link, since: mark, at: step.place) }
        if let matcher = expect.stderr {
            let text = stderrLines.joined(separator: "\n")
            if let mismatch = try matcher.mismatch(of: .string(text), in: scope) {
                failures.append(StepFailure("stderr", mismatch, at: location))
            }
        }
        guard !expect.eventsInOrder.isEmpty || !expect.eventsInAnyOrder.isEmpty || !expect.eventsNever.isEmpty else {
            return failures
        }
        let events = place.client.link.events.since(mark).entries.filter { $0.content.notification != nil }
        failures += try inOrder(events, scope)
        failures += try inAnyOrder(events, scope)
        for pattern in expect.eventsNever {
            for event in events where try pattern.matches(event, in: scope) {
                let params = event.content.notification?.params.map { ": \(Excerpt.of($0))" } ?? ""
                failures.append(
                    StepFailure("events never", "`\(pattern.shownName)` came\(params)", at: pattern.place)
                )
                break
            }
        }
        return failures
    }

    private func inOrder(_ events: [EventLog.Entry], _ scope: Scope) throws(MissingValue) -> [StepFailure] {
        var index = 0
        for (number, pattern) in expect.eventsInOrder.enumerated() {
            var isFound = false
            while index < events.count, !isFound {
                isFound = try pattern.matches(events[index], in: scope)
                index += 1
            }
            if !isFound {
                let after = number == 0 ? "" : " after `\(expect.eventsInOrder[number - 1].shownName)`"
                return [
                    StepFailure(
                        "events in_order",
                        "`\(pattern.shownName)` (number \(number + 1)) did not come\(after)",
                        details: Self.shown(events, for: pattern),
                        at: pattern.place
                    )
                ]
            }
        }
        return []
    }

    private func inAnyOrder(_ events: [EventLog.Entry], _ scope: Scope) throws(MissingValue) -> [StepFailure] {
        var rest = events
        var failures: [StepFailure] = []
        for pattern in expect.eventsInAnyOrder {
            var found: Int?
            for (index, event) in rest.enumerated() where try pattern.matches(event, in: scope) {
                found = index
                break
            }
            if let found {
                rest.remove(at: found)
            } else {
                failures.append(
                    StepFailure(
                        "events any_order",
                        "`\(pattern.shownName)` did not come",
                        details: Self.shown(events, for: pattern),
                        at: pattern.place
                    )
                )
            }
        }
        return failures
    }

    /// What was received instead of an event: how often each method, and the last notifications with the expected method.
    private static func shown(_ events: [EventLog.Entry], for pattern: EventPattern) -> [String] {
        let notes = events.compactMap(\.content.notification)
        guard !notes.isEmpty else { return ["received: no notification"] }
        var counts: [(method: String, count: Int)] = []
        for note in notes {
            if let index = counts.firstIndex(where: { $0.method == note.method }) {
                counts[index].count += 1
            } else {
                counts.append((note.method, 1))
            }
        }
        let summary = counts.map { $0.count == 1 ? $0.method : "\($0.method) (\($0.count) times)" }
        let similar = notes.filter { $0.method == pattern.method }.suffix(3).compactMap(\.params)
        return ["received: \(summary.joined(separator: ", "))"]
            + similar.map { "  \(pattern.shownName): \(Excerpt.of($0, limit: 120))" }
    }

    /// What the server wrote to standard output that is not a protocol message.
    static func noise(on link: ClientLink, since mark: Int, at place: SourcePlace) -> [StepFailure] {
        let noise = link.observations.since(mark).filter { if case .noise = $0.kind { true } else { false } }
        guard !noise.isEmpty else { return [] }
        let frames = Set(noise.compactMap(\.frame))
        let texts = link.transcript.entries.filter { frames.contains($0.number) }.prefix(5).map { entry in
            Excerpt.of(.string(String(decoding: entry.bytes, as: UTF8.self)), limit: 200)
        }
        let lines = noise.count == 1 ? "a line" : "\(noise.count) lines"
        return [
            StepFailure(
                "stdout",
                "the server wrote \(lines) to standard output that is not a protocol message",
                details: texts.isEmpty ? noise.prefix(5).map(\.kind.description) : Array(texts),
                at: place
            )
        ]
    }

    // MARK: - Input

    /// Input requests that no answer fits, or that are not as the answers expect.
    func inputFailures(_ events: [ScriptedAnswers.Event], _ scope: Scope) throws(MissingValue) -> [StepFailure] {
        var failures: [StepFailure] = []
        for event in events {
            let message = event.request.message.map { " \(Excerpt.of(.string($0), limit: 120))" } ?? ""
            if let number = event.place, answers.indices.contains(number - 1) {
                let params = event.request.params.value()
                failures += try Self.failures(answers[number - 1].request, "request", in: params, scope)
                continue
            }
            let reason =
                event.reasons.isEmpty
                ? ["no prepared answer matches it"] : event.reasons
            failures.append(
                StepFailure(
                    "input",
                    "the server requested input (\(event.request.kind.rawValue)\(message)), which was declined",
                    details: reason,
                    at: step.place
                )
            )
        }
        return failures
    }
}

extension Mismatch {
    fileprivate func with(_ detail: String) -> Mismatch {
        var mismatch = self
        mismatch.details.append(detail)
        return mismatch
    }
}

extension EventLog.Content {
    /// The notification that it is; nil for other events.
    var notification: (method: String, params: JSONValue?)? {
        switch self {
        case .progress(let params): (NotificationName.progress.rawValue, params.value())
        case .log(let params): (NotificationName.message.rawValue, params.value())
        case .change(let name, let params): (name.rawValue, params?.value())
        case .task(let name, let params): (name.rawValue, params.value())
        case .notification(let name, let params): (name, params?.value())
        case .standardError, .frame, .inputRequest, .inputOutcome, .noticed, .note: nil
        }
    }
}

extension EventPattern {
    func matches(_ event: EventLog.Entry, in scope: Scope) throws(MissingValue) -> Bool {
        guard let notification = event.content.notification, notification.method == method else { return false }
        let document = notification.params ?? [:]
        for expectation in params {
            let value = expectation.path.value(in: document)
            if try expectation.matcher.mismatch(of: value, in: scope) != nil { return false }
        }
        return true
    }
}
