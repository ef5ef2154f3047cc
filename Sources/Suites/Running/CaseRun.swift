import AsyncRuntime
import JSON
import MCPClient
import Tester

/// One case: its connection, its attempts and its outcome.
struct CaseRun: Sendable {
    let suiteCase: SuiteCase
    let index: Int
    let settings: RunSettings
    let surfaces: SurfaceCache
    /// The connection that the cases of a file share; nil if the case has its own.
    let shared: SharedConnection?

    func run() async -> CaseResult {
        var result = CaseResult(suiteCase, index: index)
        result.command = settings.repeatCommand(suiteCase.file, suiteCase.title)
        if let reason = suiteCase.skip {
            result.outcome = .skipped
            result.reason = reason
            return result
        }
        let began = settings.clock.now
        var values: [[JSONValue?]] = []
        var isUnsupported = false
        for number in 1...suiteCase.repeats {
            let attempt = await attemptWithRetries(&result)
            values.append(attempt.values)
            isUnsupported = attempt.isUnsupported
            guard attempt.outcome == .passed else {
                if suiteCase.repeats > 1 {
                    let run = "run \(number) of \(suiteCase.repeats)"
                    result.reason = result.reason.map { "\($0) (\(run))" } ?? run
                }
                break
            }
        }
        result.elapsed = began.duration(to: settings.clock.now)
        if suiteCase.repeats > 1 { result.variations = Variations.of(values, titles: suiteCase.steps.map(\.title)) }
        judgeExpectedFailure(&result, isUnsupported: isUnsupported)
        return result
    }

    private func attemptWithRetries(_ result: inout CaseResult) async -> Attempt {
        var attempt = Attempt()
        for number in 0...suiteCase.retries {
            attempt = await self.attempt()
            if suiteCase.server.instances > 1 { await judgeInstances(&attempt) }
            result.attempts = number + 1
            result.outcome = attempt.outcome
            result.reason = attempt.reason
            result.steps = attempt.steps
            result.instances = attempt.proof
            if attempt.outcome == .passed {
                if number > 0 { result.isFlaky = true }
                return attempt
            }
            if Task.isCancelled { return attempt }
        }
        return attempt
    }

    /// Runs a failed case again with one instance: if it passes then, the server keeps state.
    private func judgeInstances(_ attempt: inout Attempt) async {
        let count = suiteCase.server.instances
        guard attempt.outcome == .failed, !Task.isCancelled else {
            if attempt.outcome == .passed { attempt.proof = InstanceProof.finding(attempt.turns, count: count) }
            return
        }
        var single = suiteCase
        single.server.instances = 1
        let control = CaseRun(suiteCase: single, index: index, settings: settings, surfaces: surfaces, shared: nil)
        let outcome = await control.attempt().outcome
        guard let failed = attempt.steps.lastIndex(where: { !$0.failures.isEmpty }) else { return }
        if outcome == .passed {
            let failure = InstanceProof.failure(attempt.turns, count: count, step: attempt.steps[failed])
            attempt.steps[failed].failures.insert(failure, at: 0)
        } else {
            attempt.steps[failed].notes.append("With one instance the case does not pass either.")
        }
    }

    private func judgeExpectedFailure(_ result: inout CaseResult, isUnsupported: Bool) {
        guard let reason = suiteCase.expectedFailure else { return }
        switch result.outcome {
        case .failed:
            result.outcome = .passed
            result.isFlaky = false
            result.failedAsExpected = reason
        case .error where isUnsupported:
            result.outcome = .passed
            result.failedAsExpected = reason
        case .passed:
            result.outcome = .failed
            result.reason = "It is expected to fail (\(reason)), but passed. Remove `expected_failure`."
        case .error, .warning, .skipped: break
        }
    }

    // MARK: - One attempt

    struct Attempt: Sendable {
        var outcome = CaseOutcome.passed
        var reason: String?
        var steps: [StepResult] = []
        /// Whether the server does not speak the protocol that the suite asks for.
        var isUnsupported = false
        /// The results of the steps, to compare repeated runs.
        var values: [JSONValue?] = []
        /// The requests to several instances, up to the step that failed.
        var turns: [InstanceTurn] = []
        /// What a case that passed on several instances shows.
        var proof: String?
    }

    private func attempt() async -> Attempt {
        let place: CaseConnection
        do throws(Failure) {
            place = try await connection()
        } catch {
            return Task.isCancelled ? .interrupted : notConnected(error)
        }
        var prepared: [PreparedAnswer] = []
        for (index, answer) in suiteCase.client.answers.enumerated() {
            do throws(Failure) {
                prepared.append(try PreparedAnswer(answer.answer, place: index + 1))
            } catch {
                return Attempt(outcome: .error, reason: error.message)
            }
        }
        let answers = ScriptedAnswers(InputPlan(answers: prepared), roots: suiteCase.client.roots)
        answers.attach(to: place.connection)
        let (limitedAttempt, scope) = await limited(place, answers)
        var attempt = limitedAttempt
        if attempt.outcome == .passed { await finish(&attempt, place, answers) }
        await tearDown(&attempt, scope, place, answers)
        answers.detach(from: place.connection)
        if shared == nil { await place.close() }
        if Task.isCancelled { return .interrupted }
        return attempt
    }

    /// An attempt without a connection, with what the server wrote to its standard error.
    private func notConnected(_ failure: Failure) -> Attempt {
        var failure = failure
        failure.reword(settings.wording)
        var step = StepResult(title: "connect", phase: .setup, place: suiteCase.server.place)
        step.failures = [
            StepFailure(failure.failureClass.rawValue, failure.message, details: [failure.nextStep], at: step.place)
        ]
        let isUnsupported = suiteCase.server.era != .auto && suiteCase.server.era != nil && failure.isAboutVersions
        if isUnsupported {
            if let cell = suiteCase.cell {
                step.failures[0].details = [
                    "If the server is not meant to support this, remove it from the matrix, or mark the case: "
                        + "`skip: {\"\(cell)\": reason}`, or likewise `expected_failure`."
                ]
            }
        } else {
            step.stderr = failure.standardError
        }
        return Attempt(outcome: .error, steps: [step], isUnsupported: isUnsupported)
    }

    private func connection() async throws(Failure) -> CaseConnection {
        guard let shared else { return try await CaseConnection.open(suiteCase, settings) }
        return try await shared.connection(for: suiteCase, settings)
    }

    /// Runs setup and steps within the time limit of the case.
    private func limited(_ place: CaseConnection, _ answers: ScriptedAnswers) async -> (Attempt, Scope) {
        await withTaskGroup(of: (Attempt, Scope)?.self) { group in
            group.addTask { await body(place, answers) }
            group.addTask {
                await settings.clock.wait(for: suiteCase.timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            guard let last = await group.next() ?? nil else { return (.interrupted, Scope()) }
            var attempt = last.0
            if !Task.isCancelled { attempt.noteTimeout(suiteCase) }
            return (attempt, last.1)
        }
    }

    private func body(_ place: CaseConnection, _ answers: ScriptedAnswers) async -> (Attempt, Scope) {
        var attempt = Attempt()
        var scope = Scope()
        guard await run(suiteCase.setup, .setup, &attempt, &scope, place, answers) else {
            attempt.outcome = .error
            attempt.reason = "the setup failed"
            return (attempt, scope)
        }
        guard await run(suiteCase.steps, .steps, &attempt, &scope, place, answers) else {
            attempt.outcome = .failed
            return (attempt, scope)
        }
        return (attempt, scope)
    }

    /// Runs steps in order until one fails.
    ///
    /// - Returns: Whether all passed.
    private func run(
        _ steps: [Step],
        _ phase: StepResult.Phase,
        _ attempt: inout Attempt,
        _ scope: inout Scope,
        _ place: CaseConnection,
        _ answers: ScriptedAnswers
    ) async -> Bool {
        for step in steps {
            let run = StepRun(
                step: step,
                phase: phase,
                place: place,
                answers: answers,
                client: suiteCase.client,
                surfaces: surfaces,
                snapshots: settings.snapshots[suiteCase.file],
                clock: settings.clock,
                keepsFrames: settings.keepsFrames
            )
            let (result, value) = await run.run(&scope)
            attempt.steps.append(result)
            if phase == .steps, suiteCase.repeats > 1 { attempt.values.append(value) }
            if phase != .teardown, let turns = place.turns { attempt.turns = turns }
            guard result.failures.isEmpty else { return false }
            if Task.isCancelled { return true }
        }
        return true
    }

    /// Checks what can only be known after the last step.
    private func finish(_ attempt: inout Attempt, _ place: CaseConnection, _ answers: ScriptedAnswers) async {
        guard let last = attempt.steps.indices.last else { return }
        let unused = answers.unused.filter { number in
            suiteCase.client.answers.indices.contains(number - 1) && !suiteCase.client.answers[number - 1].isOptional
        }
        for number in unused {
            attempt.steps[last].failures.append(
                StepFailure(
                    "input",
                    "answer \(number) was not used: no input request matched it",
                    at: suiteCase.client.answers[number - 1].place
                )
            )
        }
        if suiteCase.steps.last?.expect.checksStdout ?? true {
            let noise = StepJudge.noise(on: place.client.link, since: place.mark, at: suiteCase.place)
            attempt.steps[last].failures += noise
        }
        if !attempt.steps[last].failures.isEmpty { attempt.outcome = .failed }
    }

    private func tearDown(
        _ attempt: inout Attempt,
        _ scope: Scope,
        _ place: CaseConnection,
        _ answers: ScriptedAnswers
    ) async {
        var scope = scope
        guard !suiteCase.teardown.isEmpty, !Task.isCancelled,
            await !run(suiteCase.teardown, .teardown, &attempt, &scope, place, answers), attempt.outcome == .passed
        else { return }
        attempt.outcome = .error
        attempt.reason = "the teardown failed"
    }
}

extension CaseRun.Attempt {
    static let interrupted = CaseRun.Attempt(outcome: .skipped, reason: "interrupted")

    /// Replaces the failure of the step that was cancelled by the reason for that.
    mutating func noteTimeout(_ suiteCase: SuiteCase) {
        let failure = StepFailure(
            "timeout",
            "the case did not finish within \(suiteCase.timeout.shown)",
            at: steps.last?.place ?? suiteCase.place
        )
        if let last = steps.indices.last {
            steps[last].failures = [failure]
            outcome = steps[last].phase == .setup ? .error : .failed
        } else {
            outcome = .error
            reason = failure.message
        }
    }
}
