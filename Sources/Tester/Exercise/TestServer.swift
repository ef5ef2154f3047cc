import AsyncRuntime
import JSON
import JSONSchema
import MCP
import MCPClient
import TextUtilities

extension TesterSession {
    /// Connects to a target, tests it and closes the connection; the connections of this session stay as they are.
    public func testServer(at target: ConnectRequest, _ request: TestRequest) async -> Report {
        let other = sibling()
        let connected = await other.connect(target)
        guard connected.failure == nil else {
            await other.close()
            return connected
        }
        var request = request
        request.connection = nil
        request.closesConnection = true
        let report = await other.testServer(request)
        await other.close()
        return report
    }

    /// Tests a target: lists everything that it declares, checks it, and uses as much as the request allows.
    ///
    /// Every entry is validated against the schema of its revision, every schema of a tool is compiled, and all faults
    /// since the connection was made count. One fault makes the verdict FAIL.
    public func testServer(_ request: TestRequest = TestRequest()) async -> Report {
        await perform(on: request.connection, emptyPayload: ("summary", nil)) { operation in
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                var exercise = ServerExercise(self, operation.connection, request)
                let survey = await survey(ListKind.allCases, operation) { exercise.begin($0.method.rawValue) }
                if let failure = unknownTool(request.calls, survey, operation) {
                    return operation.report(failure, emptyPayload: ("summary", nil))
                }
                await exercise.run(survey)
                if request.isFull {
                    await exercise.tryOtherEra()
                    await exercise.closeConnection()
                }
                let client = operation.client
                var findings = client.greetingProblems.map { Report.Finding(.handshake, $0.description) }
                findings += survey.sections.flatMap { faults(of: $0, operation) }
                findings += exercise.findings
                findings += Evidence.findings(on: client.link, since: 0)
                let called = exercise.calledTools
                var report = self.report(client.serverLabel ?? "the server", survey, findings, operation, called)
                if exercise.failedWithMadeUpArguments, report.failure?.outcome == .fail {
                    report.failure?.nextStep += " If it needs other arguments, \(Self.ownArguments)."
                }
                report.revision = client.revision
                report.findings = Array(findings.prefix(Self.mostFindings))
                var summary = summary(survey, faults: findings.count, operation)
                summary["tools_called"] = JSONValue(called)
                report.add("summary", .object(summary))
                report.members += exercise.members
                report.members += survey.members(nil)
                var metadata = operation.metadata
                metadata["connect_time_ms"] = JSONValue(Evidence.rounded(operation.connection.connectTime))
                report.add("metadata", .object(metadata))
                return report
            }
        }
    }

    private static let mostFindings = 100
    /// How the arguments of a call are given in place of made-up ones.
    private static let ownArguments = "give them as `examples` in its schema"

    /// The failure of a request that names a tool to call which the server does not have.
    private func unknownTool(_ calls: [String], _ survey: Survey, _ operation: Operation) -> Failure? {
        // An incomplete list says nothing of what is missing.
        guard !calls.isEmpty, survey.failures(operation).isEmpty else { return nil }
        let names = survey.items(.tools).compactMap { $0["name"]?.string }
        guard let unknown = Set(calls).subtracting(names).min() else { return nil }
        let close = nearest(unknown, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
        return .usage(
            "The server has no tool \"\(unknown)\" to call.\(close)",
            nextStep: "Name tools that list_tools shows."
        )
    }

    private func report(
        _ who: String,
        _ survey: Survey,
        _ findings: [Report.Finding],
        _ operation: Operation,
        _ calledTools: Int
    ) -> Report {
        let connection = operation.connection
        let context =
            " (connected in \(Evidence.text(connection.connectTime)), "
            + "checked in \(Evidence.text(operation.began.duration(to: clock.now))))"
        if let failure = survey.failures(operation).first {
            operation.connection.count { $0.errors += 1 }
            return Report(failure, context: context)
        }
        guard let first = findings.first else {
            let total = survey.items(.tools).count
            let called = total == 0 ? "" : "; \(calledTools) of \(total) tool\(total == 1 ? "" : "s") called"
            return Report(.pass, "no faults in \(who): \(survey.counts)\(called)\(context)")
        }
        var failure = Failure(
            first.failureClass,
            .executionError,
            findings.count == 1
                ? "\(who) has a fault: \(first.message)"
                : "\(who) has \(findings.count) faults; the first: \(first.message)",
            nextStep: first.failureClass == .stdoutPollution
                ? Diagnosis.logToStandardError : "Fix what the findings name, and test again."
        )
        failure.outcome = .fail
        failure.page = first.page
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

    /// The faults of one list and its entries.
    private func faults(of section: Survey.Section, _ operation: Operation) -> [Report.Finding] {
        var findings: [Report.Finding] = []
        if let failure = section.fetched.failure(operation, section.kind.method.rawValue) {
            findings.append(.init(failure.failureClass, failure.message))
        }
        for (index, page) in section.fetched.listing.pages.enumerated() {
            let repeated = page.value().duplicateKeys().prefix(10).map(\.description)
            guard !repeated.isEmpty else { continue }
            let places = repeated.joined(separator: ", ")
            let sentence = "\(section.kind.method.rawValue), page \(index + 1): duplicate members: \(places)"
            findings.append(.init(.protocolError, sentence))
        }
        var known: Set<String> = []
        for (index, entry) in section.entries.lazy.map({ $0.value() }).enumerated() {
            let name = entry[section.kind.identifier]?.string
            let label = name.map { "\(section.kind.noun) \"\($0)\"" } ?? "\(section.kind.noun) number \(index + 1)"
            for problem in entry["problems"]?.array ?? [] {
                let sentence = "\(label): \(problem.string ?? problem.description)"
                findings.append(Finding(.schemaMismatch, sentence).on(section.kind.page))
            }
            guard let name else { continue }
            // A list without an end repeats itself, and that is reported already.
            if !known.insert(name).inserted, section.fetched.listing.shortfall == nil {
                findings.append(Finding(.protocolError, "\(label) is listed more than once").on(section.kind.page))
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
