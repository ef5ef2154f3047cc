import JSON
import JSONRPC
import MCP
public import MCPClient

extension TesterSession {
    /// Lists the skills of a target, and checks each entry.
    ///
    /// Source: extension io.modelcontextprotocol/skills (SEP-2640), "Listing Skills".
    public func listSkills(on name: String? = nil, limits: ConnectionLimits? = nil) async -> Report {
        await performSkills(on: name, limits, emptyPayload: ("skills", []), during: SkillRequests.list) {
            (requests) throws(CallError) in
            let pages = try await requests.pages(SkillRequests.list, key: "skills", isCacheable: true)
            let entries = pages.items.map { SkillEntry(json: $0.value()) }
            let count = entries.count
            var findings = requests.declarationFindings + pages.findings + entries.flatMap(\.findings)
            findings += Self.repetitions(in: entries)
            var report = Self.report("\(count) skill\(count == 1 ? "" : "s")", findings, requests.operation)
            report.add("skills", .list(pages.items.map(Report.Part.payload)))
            var metadata = requests.operation.metadata
            metadata["total_skills"] = JSONValue(count)
            metadata["directory_read"] = .bool(requests.readsDirectories)
            report.add("metadata", .object(metadata))
            return report
        }
    }

    /// Gets one skill, reads its files, and checks digests, sizes, frontmatter and paths.
    ///
    /// Also checks that unknown URIs are refused and that directories list the same files.
    public func getSkill(_ uri: String, on name: String? = nil, limits: ConnectionLimits? = nil) async -> Report {
        await performSkills(on: name, limits, emptyPayload: ("skill", nil), during: SkillRequests.get) {
            (requests) throws(CallError) in
            let operation = requests.operation
            let result = try await requests.client.call(
                SkillRequests.get,
                params: ["uri": .string(uri)],
                limits: limits?.call
            )
            guard let skill = result.result["skill"], skill.kind == .object else {
                let failure = Failure(
                    .protocolError,
                    .executionError,
                    "The result of skills/get has no object \"skill\".",
                    nextStep: "Return skill: {uri, frontmatter, resources}."
                )
                return operation.report(failure, showing: result, emptyPayload: ("skill", nil))
            }
            let entry = SkillEntry(json: skill.value())
            var verification = SkillVerification(requests, entry)
            try await verification.run()
            var findings = requests.declarationFindings
            findings += requests.envelopeFindings(result.result, of: SkillRequests.get, isCacheable: true)
            findings += entry.findings + verification.findings
            if entry.uri != uri {
                findings.append(
                    .skill("uri", "skills/get of \(uri) returned the skill \(entry.uri ?? "without a uri").", uri: uri)
                )
            }
            findings += try await Self.listed(entry, uri, requests)
            findings += await Self.refusals(of: uri, requests)
            let count = verification.files.count
            let summary = "skill \"\(entry.name ?? uri)\", \(count) file\(count == 1 ? "" : "s") read"
            var report = Self.report(summary, findings, operation)
            report.add("skill", .payload(skill))
            report.add("files", .value(.array(verification.files)))
            if let text = verification.text { report.add("content", .payload(text)) }
            report.add("metadata", .object(operation.metadata))
            return report
        }
    }

    /// Lists the direct children of a directory resource.
    public func readDirectory(_ uri: String, on name: String? = nil, limits: ConnectionLimits? = nil) async -> Report {
        await performSkills(on: name, limits, emptyPayload: ("resources", []), during: SkillRequests.directory) {
            (requests) throws(CallError) in
            let operation = requests.operation
            guard requests.readsDirectories else {
                let failure = Failure(
                    .usage,
                    .executionError,
                    "The server does not declare directoryRead, so no client may read directories. Nothing was sent.",
                    nextStep: "Declare directoryRead: true; or send resources/directory/read with inspect_raw."
                )
                return operation.report(failure, emptyPayload: ("resources", []))
            }
            let pages = try await requests.children(of: uri)
            let count = pages.items.count
            let findings = requests.declarationFindings + pages.findings
            var report = Self.report("\(count) entr\(count == 1 ? "y" : "ies") in \(uri)", findings, operation)
            report.add("resources", .list(pages.items.map(Report.Part.payload)))
            report.add("metadata", .object(operation.metadata))
            return report
        }
    }

    private func performSkills(
        on name: String?,
        _ limits: ConnectionLimits?,
        emptyPayload: (key: String, value: JSONValue),
        during method: Method,
        _ body: (SkillRequests) async throws(CallError) -> Report
    ) async -> Report {
        await perform(on: name, emptyPayload: emptyPayload) { operation in
            let requests = SkillRequests(operation: operation, limits: limits?.call)
            if let failure = requests.undeclared { return operation.report(failure, emptyPayload: emptyPayload) }
            do throws(CallError) {
                return try await body(requests)
            } catch {
                var failure = operation.failure(error, during: method.rawValue)
                if case .rejected(let refusal) = error.cause, refusal.errorCode == .invalidParams {
                    failure.errorType = .resourceNotFound
                    failure.nextStep = "skills with action list shows the skills and their files."
                }
                return operation.report(failure, emptyPayload: emptyPayload)
            }
        }
    }

    /// The report with findings; a broken rule that hosts must enforce makes it fail.
    private static func report(_ summary: String, _ findings: [Finding], _ operation: Operation) -> Report {
        let broken = findings.filter { $0.failureClass != .usage }
        var rules: [String] = []
        for rule in broken.compactMap({ $0.evidence["rule"]?.string?.dropFirst("skills/".count) }).map(String.init)
        where !rules.contains(rule) {
            rules.append(rule)
        }
        let suffix = rules.isEmpty ? "" : "; broken rules: \(rules.joined(separator: ", "))"
        var report = operation.report(summary + suffix)
        report.findings += findings
        if !broken.isEmpty { report.outcome = .fail }
        return report
    }

    private static func repetitions(in entries: [SkillEntry]) -> [Finding] {
        var findings: [Finding] = []
        var uris: Set<String> = []
        var names: Set<String> = []
        for entry in entries {
            if let uri = entry.uri, !uris.insert(uri).inserted {
                findings.append(
                    .skill("paging", "The list has \(uri) twice; an entry is never split over pages.", uri: uri)
                )
            } else if let name = entry.name, !names.insert(name).inserted {
                findings.append(.skill("names", "Two skills have the name \"\(name)\".", uri: entry.uri, .usage))
            }
        }
        return findings
    }

    /// Whether the list has the same entry; a list may be partial.
    private static func listed(_ entry: SkillEntry, _ uri: String, _ requests: SkillRequests) async throws(CallError)
        -> [Finding]
    {
        let pages = try await requests.pages(SkillRequests.list, key: "skills", isCacheable: true)
        guard let listed = pages.items.first(where: { $0["uri"]?.string == uri })?.value(), listed != entry.json else {
            return []
        }
        let difference = JSONDifference(from: listed, to: entry.json).description
        return [.skill("entry", "skills/list and skills/get return different entries: \(difference).", uri: uri)]
    }

    private static func refusals(of uri: String, _ requests: SkillRequests) async -> [Finding] {
        let missing = "skill://no-such-skill-\(uri.utf8.count)/SKILL.md"
        var findings = await requests.refusalFindings(SkillRequests.get, uri: missing, because: "which does not exist")
        if requests.readsDirectories {
            findings += await requests.refusalFindings(SkillRequests.directory, uri: uri, because: "a file")
        }
        return findings
    }
}
