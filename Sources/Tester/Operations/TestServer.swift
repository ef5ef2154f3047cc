import JSON
import JSONSchema
import MCP
import MCPClient

extension TesterSession {
    /// Tests a target without calling anything of it: lists everything that it declares and checks what it says.
    ///
    /// Every entry is held against its revision's schema, every schema of a tool is compiled, and whatever was odd on the
    /// wire since the connection began counts, too. One fault makes the verdict FAIL.
    public func testServer(on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("summary", nil)) { operation in
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                let survey = await survey(ListKind.allCases, operation)
                let client = operation.client
                var findings = client.greetingProblems.map { Report.Finding(.handshake, $0.description) }
                findings += survey.sections.flatMap { faults(of: $0, operation) }
                findings += Evidence.findings(on: client.link, since: 0)
                var report = self.report(client.serverLabel ?? "the server", survey, findings, operation)
                report.findings = Array(findings.prefix(Self.mostFindings))
                report.add("summary", .object(summary(survey, faults: findings.count, operation)))
                report.members += survey.members
                report.add("metadata", .object(operation.metadata))
                return report
            }
        }
    }

    private static let mostFindings = 100

    private func report(_ who: String, _ survey: Survey, _ findings: [Report.Finding], _ operation: Operation) -> Report
    {
        let context = " (\(operation.connection.label), \(operation.elapsed) ms)"
        if let failure = survey.failures(operation).first {
            operation.connection.count { $0.errors += 1 }
            return Report(failure, context: context)
        }
        guard let first = findings.first else {
            return Report(.pass, "\(who) is in order: \(survey.counts); nothing was called\(context)")
        }
        var failure = Failure(
            first.failureClass,
            .executionError,
            findings.count == 1
                ? "\(who) has a fault: \(first.message)"
                : "\(who) has \(findings.count) faults; the first is: \(first.message)",
            nextStep: first.failureClass == .stdoutPollution
                ? "Send logs and banners to standard error: standard output is for protocol messages alone."
                : "Repair what the findings name, then test again."
        )
        failure.outcome = .fail
        return Report(failure, context: context)
    }

    private func summary(_ survey: Survey, faults: Int, _ operation: Operation) -> JSONObject {
        let client = operation.client
        var summary: JSONObject = [
            "server_name": client.serverInfo?.name.map(JSONValue.string) ?? nil,
            "server_version": client.serverInfo?.version.map(JSONValue.string) ?? nil,
            "protocol_version": .string(client.revision.wireName),
            "protocol_reason": .string(client.verdict.reason),
            "capabilities": .array(client.capabilities.json.keys.map(JSONValue.string)),
        ]
        if let instructions = client.instructions { summary["instructions"] = .string(instructions) }
        summary.members += survey.totals.members
        summary["findings"] = JSONValue(faults)
        return summary
    }

    // MARK: - Checks

    /// What is wrong with one list and its entries.
    private func faults(of section: Survey.Section, _ operation: Operation) -> [Report.Finding] {
        var findings: [Report.Finding] = []
        if let failure = section.fetched.failure(operation, section.kind.method.rawValue) {
            findings.append(.init(failure.failureClass, failure.message))
        }
        for (index, page) in section.fetched.listing.pages.enumerated() {
            let repeated = page.value().duplicateKeys().prefix(10).map(\.description)
            guard !repeated.isEmpty else { continue }
            let places = repeated.joined(separator: ", ")
            let sentence = "\(section.kind.method.rawValue), page \(index + 1): members stand more than once: \(places)"
            findings.append(.init(.protocolError, sentence))
        }
        var known: Set<String> = []
        for (index, entry) in section.entries.lazy.map({ $0.value() }).enumerated() {
            let name = entry[section.kind.identifier]?.string
            let label = name.map { "\(section.kind.noun) \"\($0)\"" } ?? "\(section.kind.noun) \(index + 1) of the list"
            for problem in entry["problems"]?.array ?? [] {
                findings.append(.init(.schemaMismatch, "\(label): \(problem.string ?? problem.description)"))
            }
            guard let name else { continue }
            // A list that goes round in a circle repeats itself by nature, and that is said already.
            if !known.insert(name).inserted, section.fetched.listing.shortfall == nil {
                findings.append(.init(.protocolError, "\(label) is listed more than once"))
            }
            if section.kind == .tools { findings += unusableSchemas(of: name, label: label, operation) }
        }
        return findings
    }

    private func unusableSchemas(of tool: String, label: String, _ operation: Operation) -> [Report.Finding] {
        [Surface.SchemaMember.input, .output].compactMap { member in
            let surface = operation.connection.surface(.tools)
            guard case .failure(let error)? = surface?.schemas(of: tool)?[member] else {
                return nil
            }
            return Report.Finding(.schemaMismatch, "\(label), \(member.rawValue): \(error)")
        }
    }
}
