package import JSON
import Tester

/// One JSON object per event and line: the form that other reports are made from, and that shards are merged from.
struct JSONLinesReport: RunReport {
    let version: String

    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .caseStarted: ""
        case .runStarted(let cases, let files, let shard):
            line(started(cases, files, shard))
        case .caseFinished(let result): line(result.json)
        case .runFinished(let summary): line(summary.json)
        }
    }

    private func started(_ cases: Int, _ files: Int, _ shard: CaseSelection.Shard?) -> JSONObject {
        var object: JSONObject = [
            "event": "run_started", "format": 1, "version": .string(version), "cases": JSONValue(cases),
            "files": JSONValue(files),
        ]
        if let shard { object["shard"] = .string("\(shard)") }
        return object
    }

    private func line(_ object: JSONObject) -> String { JSONValue.object(object).description + "\n" }
}

extension RunSummary {
    var json: JSONObject {
        [
            "event": "run_finished", "passed": JSONValue(passed), "warnings": JSONValue(warnings),
            "failed": JSONValue(failed),
            "errors": JSONValue(errors), "skipped": JSONValue(skipped), "flaky": JSONValue(flaky),
            "elapsed_ms": JSONValue(elapsed.roundedMilliseconds), "interrupted": .bool(wasInterrupted),
        ]
    }
}

extension CaseResult {
    /// The result as reports for programs have it.
    package var json: JSONObject {
        var object: JSONObject = [
            "event": "case", "index": JSONValue(index), "number": JSONValue(number), "id": .string(id),
            "name": .string(name), "file": .string(file),
            "line": JSONValue(place.line), "column": JSONValue(place.column), "server": .string(server),
            "tags": .array(tags.map(JSONValue.string)), "outcome": .string(outcome.rawValue),
            "elapsed_ms": JSONValue(elapsed.roundedMilliseconds), "attempts": JSONValue(attempts),
        ]
        if let cell { object["cell"] = .string(cell) }
        if let reason { object["reason"] = .string(reason) }
        if isFlaky { object["flaky"] = true }
        if let instances { object["instances"] = .string(instances) }
        if let failedAsExpected { object["failed_as_expected"] = .string(failedAsExpected) }
        object["steps"] = .array(steps.map { .object($0.json) })
        if !variations.isEmpty {
            object["variations"] = .array(
                variations.map {
                    ["step": .string($0.step), "pointer": .string($0.pointer), "kind": .string($0.kind)]
                }
            )
        }
        if let command { object["command"] = .string(command) }
        if let rule {
            object["rule"] = .string(rule.text)
            if let page = rule.page { object["page"] = .string(page) }
        }
        return object
    }
}

extension StepResult {
    fileprivate var json: JSONObject {
        var object: JSONObject = [
            "title": .string(title), "phase": .string(phase.rawValue), "line": JSONValue(place.line),
            "column": JSONValue(place.column), "elapsed_ms": JSONValue(elapsed.roundedMilliseconds),
        ]
        if !failures.isEmpty { object["failures"] = .array(failures.map { .object($0.json) }) }
        if let result { object["result"] = .string(result) }
        if let exception { object["exception"] = .object(exception.json) }
        if !stderr.isEmpty { object["stderr"] = .array(stderr.map(JSONValue.string)) }
        if !notes.isEmpty { object["notes"] = .array(notes.map(JSONValue.string)) }
        if !frames.isEmpty { object["frames"] = .array(frames.map { .object($0.json) }) }
        return object
    }
}

extension StepFailure {
    fileprivate var json: JSONObject {
        var object: JSONObject = [
            "check": .string(check), "message": .string(message), "file": .string(place.file),
            "line": JSONValue(place.line), "column": JSONValue(place.column),
        ]
        if !details.isEmpty { object["details"] = .array(details.map(JSONValue.string)) }
        return object
    }
}

extension Duration {
    var roundedMilliseconds: Double { (milliseconds * 100).rounded() / 100 }
}
