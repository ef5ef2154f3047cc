import JSON

/// SARIF 2.1.0, for code scanning: one result for each failure.
struct SARIFReport: RunReport {
    let version: String
    private var results: [CaseResult] = []

    init(version: String) {
        self.version = version
    }

    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .runStarted, .caseStarted: return ""
        case .caseFinished(let result):
            if [.failed, .error, .warning].contains(result.outcome) { results.append(result) }
            return ""
        case .runFinished(let summary): return document(summary).description + "\n"
        }
    }

    private func document(_ summary: RunSummary) -> JSONValue {
        var entries: [JSONValue] = []
        var rules: [(id: String, rule: CaseRule?)] = []
        for result in results {
            for (check, message, place) in Self.failures(of: result) {
                let rule = String(check.prefix { $0 != " " })
                if !rules.contains(where: { $0.id == rule }) { rules.append((rule, result.rule)) }
                entries.append(entry(result, rule, message, place))
            }
        }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                [
                    "tool": [
                        "driver": [
                            "name": "mcp-test-mcp", "version": .string(version),
                            "informationUri": "https://github.com/rdwj/mcp-test-mcp",
                            "rules": .array(rules.map { .object(Self.definition(of: $0.id, $0.rule)) }),
                        ]
                    ],
                    "invocations": [["executionSuccessful": .bool(!summary.wasInterrupted)]],
                    "results": .array(entries),
                ]
            ],
        ]
    }

    private static func definition(of id: String, _ rule: CaseRule?) -> JSONObject {
        var object: JSONObject = ["id": .string(id)]
        if let rule {
            object["shortDescription"] = ["text": .string(rule.text)]
            if let page = rule.page { object["helpUri"] = .string(page) }
        }
        return object
    }

    private static func failures(of result: CaseResult) -> [(check: String, message: String, place: SourcePlace)] {
        let failures = result.steps.flatMap { step in
            step.failures.map { ($0.check, ([$0.message] + $0.details).joined(separator: "\n"), step.place) }
        }
        return failures.isEmpty ? [(result.outcome.rawValue, result.reason ?? "", result.place)] : failures
    }

    private func entry(_ result: CaseResult, _ rule: String, _ message: String, _ place: SourcePlace) -> JSONValue {
        var location: JSONObject = ["artifactLocation": ["uri": .string(Self.uri(place.file))]]
        if place.hasLine {
            location["region"] = ["startLine": JSONValue(place.line), "startColumn": JSONValue(place.column)]
        }
        return [
            "ruleId": .string(rule),
            "level": .string(result.outcome == .warning ? "warning" : "error"),
            "message": ["text": .string("\(result.name): \(message)")],
            "locations": [["physicalLocation": .object(location)]],
            "partialFingerprints": ["case/v1": .string("\(result.id)/\(rule)")],
        ]
    }

    /// A path as a relative reference; a URL as it is.
    private static func uri(_ path: String) -> String {
        if path.contains("://") { return path }
        var result = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            let isPlain =
                byte.isDigit || (0x61...0x7A).contains(byte | 0x20) || "-._~/".utf8.contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            result += isPlain ? String(Unicode.Scalar(byte)) : "%\(byte < 16 ? "0" : "")\(hex)"
        }
        return result
    }
}
