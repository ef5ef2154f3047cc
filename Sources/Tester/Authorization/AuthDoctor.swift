public import AsyncRuntime
import JSON
public import MCPAuth
import MCPHTTP

/// Examines the authorization of a server, and says what to fix first.
public struct AuthDoctor: Sendable {
    private let target: Target
    private let authorization: TargetAuthorization
    private let clock: any Scheduler

    /// Prepares an examination.
    public init(of target: Target, _ authorization: TargetAuthorization, clock: any Scheduler) {
        self.target = target
        self.authorization = authorization
        self.clock = clock
    }

    /// Examines the server.
    ///
    /// The bearer token of the target is tried, or else a stored one that has not expired; none is renewed. The other
    /// headers of the target are sent to its URL alone.
    ///
    /// - Parameters:
    ///   - host: The host to replay; `nil` for this program.
    ///   - registers: Whether a client may be registered.
    /// - Throws: ``Failure`` of the class `usage` if the target is not a URL.
    public func run(as host: HostProfile? = nil, registers: Bool = false) async throws(Failure) -> Report {
        guard let endpoint = target.endpoint else {
            throw .usage(
                "Only a server with a URL has an authorization.",
                nextStep: "Give its http:// or https:// URL."
            )
        }
        let flow = try authorization.flow(for: endpoint, on: clock, sendsHeaders: true)
        var token = target.bearerToken
        var possession: PossessionKey?
        var notes: [String] = []
        if token == nil {
            do throws(AuthFailure) {
                // A store that cannot be used may look empty.
                try await authorization.store.check(isForSaving: false)
                let stored = try await authorization.store.authorizations(
                    for: ResourceIdentifier(server: flow.settings.server)
                )
                let usable = stored.last { $0.tokens.isUsable(at: flow.now()) }
                (token, possession) = (usable?.tokens.accessToken, usable?.possession)
            } catch {
                notes.append("No stored token was tried, because the store cannot be used: \(error.message.asSentence)")
            }
        }
        let options = AuthExamination.Options(host: host, registers: registers, token: token, possession: possession)
        var examination = AuthExamination(by: flow, options)
        let diagnosis = await examination.run()
        notes += self.notes(on: diagnosis, hasToken: token != nil)
        var report = report(diagnosis, host, requests: flow.trace.requestCount)
        if !notes.isEmpty { report.add("notes", .array(notes.map(JSONValue.string))) }
        report.redactor = Redactor(target.secrets)
        return report
    }

    private func report(_ diagnosis: AuthDiagnosis, _ host: HostProfile?, requests: Int) -> Report {
        let problems = diagnosis.problems
        let purpose = host.map { " for \($0.name)" } ?? ""
        var report: Report
        if let obstacle = diagnosis.unreachable {
            report = Report(
                Failure(
                    .transport,
                    .connectionFailed,
                    "\(target.name) could not be examined: \(obstacle.found.asSentence)",
                    nextStep: obstacle.advice ?? "Start the server, and check its URL.",
                    details: ["problem": .string(AuthProblem.unreachable.rawValue)]
                )
            )
        } else if let first = diagnosis.first, first.verdict == .fault {
            let count = problems.count == 1 ? "" : " (the first of \(problems.count) problems)"
            let extent =
                diagnosis.needsFallback
                ? "works only in clients that fall back to the server's origin, such as this one, and fails in others"
                : "does not work\(purpose)"
            var failure = Failure(
                .auth,
                .connectionFailed,
                "The authorization of \(target.name) \(extent)\(Self.place(of: first)): \(first.found.asSentence)",
                nextStep: first.advice ?? "Correct this, and run the doctor again.",
                details: ["problem": first.problem.map { .string($0.rawValue) } ?? nil]
            )
            failure.outcome = .fail
            report = Report(failure, context: count)
        } else {
            let extent =
                diagnosis.needsWellKnown
                ? "works in clients that look for the metadata at the well-known place" : "is in order"
            let state =
                diagnosis.isDemanded
                ? "the authorization of \(target.name) \(extent)\(purpose)"
                : "\(target.name) demands no authorization"
            let warnings = problems.isEmpty ? "" : ", with \(problems.count) warning\(problems.count == 1 ? "" : "s")"
            report = Report(.pass, state + warnings)
            report.nextStep = problems.first?.advice
        }
        report.add("problems", .array(problems.map(Self.problem)))
        report.add("examined", .object(Self.facts(diagnosis, requests: requests)))
        // The problems have what is wrong.
        report.add("steps", .value(.array(diagnosis.steps.map { .object($0.json) })), detail: .full)
        return report
    }

    /// What was left behind, and what was not tested.
    private func notes(on diagnosis: AuthDiagnosis, hasToken: Bool) -> [String] {
        var notes: [String] = []
        if let client = diagnosis.registeredClient {
            notes.append("The client \(client) was registered at \(diagnosis.issuer ?? ""), and stays there.")
        }
        if diagnosis.isDemanded, !hasToken {
            notes.append(
                "No valid token was tried: how the server responds to one, or to too few scopes, was not tested."
            )
        }
        if diagnosis.isRegistrationUntried {
            notes.append("No client was registered: registration and the authorization request were not tested.")
        }
        if diagnosis.lacksCrossOrigin {
            notes.append("No endpoint allows web pages (CORS). If your client is one, examine as the host \"browser\".")
        }
        return notes
    }

    /// Where a step found its problem, as the end of a clause; empty if what it found says that already.
    private static func place(of step: AuthStep) -> String {
        // A request that failed is reported with its URL.
        guard step.status != nil || !step.found.contains("://") else { return "" }
        return switch step.purpose {
        case .resourceMetadata: " because of its metadata"
        case .serverMetadata: " because of its issuer's metadata"
        case .authorization: " because of its authorization endpoint"
        case .token: " because of its token endpoint\(step.status.map { " (status \($0))" } ?? "")"
        case .server, .challenge, .registration, .scope, .callback, .deviceAuthorization, .crossOrigin: ""
        }
    }

    /// What was found, and how many steps have each verdict.
    private static func facts(_ diagnosis: AuthDiagnosis, requests: Int) -> JSONObject {
        var facts: JSONObject = ["demands_token": .bool(diagnosis.isDemanded)]
        facts["issuer"] = diagnosis.issuer.map(JSONValue.string)
        facts["requests_sent"] = JSONValue(requests)
        for verdict in AuthStep.Verdict.allCases {
            facts[verdict.rawValue] = JSONValue(diagnosis.steps.count { $0.verdict == verdict })
        }
        return facts
    }

    private static func problem(_ step: AuthStep) -> JSONValue {
        var problem: JSONObject = [
            "about": .string(step.problem?.rawValue ?? ""),
            "severity": .string(step.verdict == .fault ? "error" : "warning"),
            "message": .string(step.summary),
        ]
        problem["status"] = step.status.map { JSONValue($0) }
        problem["fix"] = .string(step.advice ?? "")
        for member in step.citation.members { problem[member.key] = member.value }
        return .object(problem)
    }
}
