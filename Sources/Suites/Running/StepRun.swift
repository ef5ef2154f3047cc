import AsyncRuntime
import JSON
import JSONRPC
import JSONSchema
import MCP
import MCPClient
import MCPTransport
import Tester

/// One step while it runs: what it does, and how that ends.
struct StepRun {
    let step: Step
    let phase: StepResult.Phase
    let place: CaseConnection
    let answers: ScriptedAnswers
    let client: ClientDefinition
    let surfaces: SurfaceCache
    let snapshots: Snapshots?
    let clock: any TesterClock
    /// Whether the result has the messages.
    let keepsFrames: Bool

    /// How the action of a step ended.
    enum Observed {
        case result(ResultView, elapsed: Duration)
        /// The request failed.
        case error(CallError)
        /// Nothing was sent, or the step has no result.
        case nothing(elapsed: Duration)
        /// The step could not be carried out.
        case failure(StepFailure)
    }

    /// Runs the step.
    ///
    /// - Returns: The result, and the value that captures and comparisons of runs use.
    func run(_ scope: inout Scope) async -> (result: StepResult, value: JSONValue?) {
        var result = StepResult(title: step.title, phase: phase, place: step.place)
        if !isWait { place.waitMark = place.client.link.events.count }
        let began = clock.now
        let (link, frameMark) = (place.client.link, place.client.link.transcript.count)
        let observed: Observed
        do throws(MissingValue) {
            observed = try await perform(scope)
        } catch {
            observed = .failure(StepFailure("reference", "\(error)", at: step.place))
        }
        result.elapsed = began.duration(to: clock.now)
        var value: JSONValue?
        let judge = StepJudge(
            step: step,
            place: place,
            // After the action, because a restart begins with new events.
            mark: place.mark,
            answers: client.answers
        )
        do throws(MissingValue) {
            switch observed {
            case .result(let view, let elapsed):
                value = view.result
                result.failures += try judge.failures(of: view, elapsed: elapsed, scope)
                if result.failures.isEmpty, let failure = await schemaFailure(view, scope) {
                    result.failures.append(failure)
                }
                if result.failures.isEmpty { result.failures += capture(view, &scope) }
                if result.failures.isEmpty, let failure = snapshotFailure(view) { result.failures.append(failure) }
            case .error(let error): result.failures += try judge.failures(of: error, scope)
            case .nothing(let elapsed): result.failures += try judge.failures(ofNothing: elapsed, scope)
            case .failure(let failure): result.failures.append(failure)
            }
            result.failures += try judge.eventFailures(scope)
            result.failures += try judge.inputFailures(answers.takeEvents(), scope)
        } catch {
            result.failures.append(StepFailure("reference", "\(error)", at: step.place))
        }
        if !result.failures.isEmpty, let mistake = await mistake(in: observed, scope) {
            result.failures[0].details = [mistake]
        }
        result.notes = place.connection.takeFindings().filter { $0.failureClass != .stdoutPollution }.map(\.message)
        if !result.failures.isEmpty {
            result.stderr = Array(judge.stderrLines.suffix(StepResult.keptLines))
            result.result = value.map { Excerpt.of(place.session.redactor.redact(Self.plain($0)), limit: 2000) }
        }
        if keepsFrames { result.frames = frames(since: link === place.client.link ? frameMark : 0) }
        place.mark = place.client.link.events.count
        return (result, value)
    }

    private var isWait: Bool {
        if case .wait = step.action { true } else { false }
    }

    private var limits: CallLimits? {
        step.timeout.map { CallLimits(request: $0, idle: $0) }
    }

    // MARK: - Actions

    private func perform(_ scope: Scope) async throws(MissingValue) -> Observed {
        let client = place.client
        let respond: InputHandlers.Handler = { [answers] (request) throws(InputRefusal) in try answers.respond(request)
        }
        // Progress is asked for, so that it restarts the idle timeout.
        let onProgress: ClientLink.ProgressHandler = { _ in }
        switch step.action {
        case .call(let tool, let arguments):
            let name = try tool.text(in: scope)
            let arguments = JSONText(try arguments?.value(in: scope) ?? [:])
            if step.isTask { return await callAsTask(name, arguments, respond) }
            return await observe(.tool) { () async throws(CallError) in
                try await client.callTool(
                    name,
                    arguments: arguments,
                    limits: limits,
                    onProgress: onProgress,
                    onInputRequest: respond
                )
            }
        case .read(let uri):
            let uri = try uri.text(in: scope)
            return await observe(.resource) { () async throws(CallError) in
                try await client.readResource(uri, limits: limits, onProgress: onProgress, onInputRequest: respond)
            }
        case .get(let prompt, let arguments):
            let name = try prompt.text(in: scope)
            var json: JSONText?
            if let arguments { json = JSONText(try arguments.value(in: scope)) }
            let text = json
            return await observe(.prompt) { () async throws(CallError) in
                try await client.getPrompt(
                    name,
                    arguments: text,
                    limits: limits,
                    onProgress: onProgress,
                    onInputRequest: respond
                )
            }
        case .list(let kind): return await list(kind)
        case .complete(let completion): return try await complete(completion, scope)
        case .subscribe(let uris, let lists): return try await subscribe(uris, lists: lists, scope)
        case .wait(let pattern): return try await wait(for: pattern, scope)
        case .raw(let message): return try await send(message, scope)
        case .restart: return await restart()
        case .assert(let assertions): return try check(assertions, scope)
        }
    }

    private func observe(
        _ kind: ResultView.Kind,
        _ request: () async throws(CallError) -> CallResult
    ) async -> Observed {
        do throws(CallError) {
            let result = try await request()
            return .result(ResultView(result: result.result.value(), kind: kind), elapsed: result.elapsed)
        } catch {
            return .error(error)
        }
    }

    /// Calls a tool as a task and waits until the task has ended.
    private func callAsTask(
        _ tool: String,
        _ arguments: JSONText,
        _ respond: @escaping InputHandlers.Handler
    ) async -> Observed {
        let (began, client) = (clock.now, place.client)
        var execution: ToolExecution?
        if client.revision.has(.tasks) {
            // In 2025-11-25 the list says which tools can run as tasks.
            await place.connection.listToolsIfNeeded()
            let listed = place.connection.surface(.tools)?.item(tool)?["execution"]?.value().object
            execution = listed.map(ToolExecution.init(json:))
        }
        do throws(CallError) {
            let outcome = try await client.startTool(
                tool,
                arguments: arguments,
                execution: execution,
                limits: limits,
                onInputRequest: respond
            )
            guard case .task(let task, _) = outcome else {
                return fault("the server did not create a task; it returned the result directly")
            }
            let ended = try await client.awaitTask(task, limit: step.timeout, onInputRequest: respond)
            switch ended.end {
            case .result(let result):
                let view = ResultView(result: result.value(), kind: .tool)
                return .result(view, elapsed: began.duration(to: clock.now))
            case .error(let error): return fault("the task ended with error \(error.code): \(error.message)")
            case .cancelled: return fault("the task was cancelled")
            case .failed: return fault("the task failed: \(ended.task.message ?? "the server does not say why")")
            }
        } catch {
            return .error(error)
        }

        func fault(_ text: String) -> Observed { .failure(StepFailure("task", text, at: step.place)) }
    }

    private func list(_ kind: ListKind) async -> Observed {
        let listing = await place.client.list(kind, limits: limits)
        if case .failed(let error)? = listing.shortfall { return .error(error) }
        if let shortfall = listing.shortfall {
            return .failure(StepFailure("list", "The list is incomplete: \(shortfall)", at: step.place))
        }
        let items = JSONValue.array(listing.items.map { $0.value() })
        let result = JSONValue.object(JSONObject([.init(key: kind.rawValue, value: items)]))
        return .result(ResultView(result: result, kind: .list), elapsed: listing.elapsed)
    }

    private func complete(_ completion: Step.Completion, _ scope: Scope) async throws(MissingValue) -> Observed {
        var reference: JSONObject = [:]
        if let prompt = completion.prompt {
            reference = ["type": "ref/prompt", "name": .string(try prompt.text(in: scope))]
        } else if let template = completion.template {
            reference = ["type": "ref/resource", "uri": .string(try template.text(in: scope))]
        }
        let value = try completion.value.text(in: scope)
        let context = try completion.context?.value(in: scope).object
        return await observe(.completion) { () async throws(CallError) in
            try await place.client.complete(
                reference,
                argument: completion.argument,
                value: value,
                context: context,
                limits: limits
            )
        }
    }

    private func subscribe(_ uris: [Template], lists: Bool, _ scope: Scope) async throws(MissingValue) -> Observed {
        var names: [String] = []
        for uri in uris { names.append(try uri.text(in: scope)) }
        let began = clock.now
        let report = await place.session.subscribe(toResources: names, lists: lists)
        guard let failure = report.failure else { return .nothing(elapsed: began.duration(to: clock.now)) }
        return .failure(StepFailure("request", failure.message, at: step.place))
    }

    private func restart() async -> Observed {
        let began = clock.now
        answers.detach(from: place.connection)
        defer { answers.attach(to: place.connection) }
        do throws(Failure) {
            try await place.restart()
            return .nothing(elapsed: began.duration(to: clock.now))
        } catch {
            return .failure(StepFailure("restart", "\(error.message) \(error.nextStep)", at: step.place))
        }
    }

    private func send(_ message: Step.RawMessage, _ scope: Scope) async throws(MissingValue) -> Observed {
        let client = place.client
        switch message {
        case .request(let method, let params):
            let params = try params?.value(in: scope).object
            return await observe(.other) { () async throws(CallError) in
                try await client.call(Method(rawValue: method), params: params, limits: limits, force: true)
            }
        case .notification(let method, let params):
            var object: JSONObject = ["jsonrpc": "2.0", "method": .string(method)]
            if let params { object["params"] = try params.value(in: scope) }
            do {
                try client.post(raw: Array(JSONValue.object(object).description.utf8))
                return .nothing(elapsed: .zero)
            } catch {
                return .failure(StepFailure("request", "The notification was not sent: \(error)", at: step.place))
            }
        case .bytes(let text):
            let bytes = Array(try text.text(in: scope).utf8)
            return await observe(.other) { () async throws(CallError) in
                try await client.send(raw: bytes, limits: limits)
            }
        }
    }

    private func check(_ assertions: [Step.Assertion], _ scope: Scope) throws(MissingValue) -> Observed {
        for assertion in assertions {
            let value = try assertion.value.value(in: scope)
            if let mismatch = try assertion.matcher.mismatch(of: value, in: scope) {
                return .failure(StepFailure("assert \(assertion.value.description)", mismatch, at: assertion.place))
            }
        }
        return .nothing(elapsed: .zero)
    }

    /// Waits until an event came that no earlier `wait` has matched.
    private func wait(for pattern: EventPattern, _ scope: Scope) async throws(MissingValue) -> Observed {
        let began = clock.now
        let limit = step.timeout ?? .seconds(10)
        let deadline = began.advanced(by: limit)
        while true {
            let latch = place.bell.next()
            let events = place.client.link.events.since(place.waitMark).entries
            for event in events where try pattern.matches(event, in: scope) {
                place.waitMark = event.number
                return .nothing(elapsed: began.duration(to: clock.now))
            }
            if clock.now >= deadline || Task.isCancelled || place.client.link.end != nil {
                return .failure(timedOut(pattern, events, limit))
            }
            let action = clock.schedule(at: deadline) { latch.open() }
            await latch.waitUnlessCancelled()
            action.cancel()
        }
    }

    private func timedOut(_ pattern: EventPattern, _ events: [EventLog.Entry], _ limit: Duration) -> StepFailure {
        let methods = events.compactMap { $0.content.notification?.method }
        let ending = place.client.link.end.map { "the connection ended: \($0.reason)" } ?? "within \(limit.shown)"
        return StepFailure(
            "wait",
            "no matching `\(pattern.shownName)` came \(ending)",
            details: ["received: \(methods.isEmpty ? "no notification" : methods.joined(separator: ", "))"],
            at: step.place
        )
    }

    // MARK: - After the result

    /// Why the structured content does not match the output schema.
    private func schemaFailure(_ view: ResultView, _ scope: Scope) async -> StepFailure? {
        switch step.expect.schema {
        case .none: return nil
        case .given(let schema): return failure(of: view.json, against: schema)
        case .ofTool:
            guard case .call(let tool, _) = step.action, step.expect.isError != true else { return nil }
            let name: String
            do throws(MissingValue) { name = try tool.text(in: scope) } catch { return nil }
            let output = await checks(of: name).output(view.result["structuredContent"].map(JSONText.init))
            guard case .failed(let violations) = output else { return nil }
            return StepFailure(
                "schema",
                "the result does not match the tool's output schema",
                details: violations,
                at: step.place
            )
        }
    }

    /// A function of its own because the optimizer of Swift 6.3.1 fails on it within the asynchronous one.
    private func failure(of json: JSONValue?, against schema: JSONSchema) -> StepFailure? {
        let location = step.expect.place ?? step.place
        guard let json else { return StepFailure("schema", "the result has no JSON to check", at: location) }
        switch schema.validate(json).outcome {
        case .valid: return nil
        case .invalid(let violations):
            let details = violations.prefix(10).map(\.message)
            return StepFailure("schema", "the value does not match the schema", details: details, at: location)
        case .inconclusive(let exceeded):
            return StepFailure("schema", "not decided: \(exceeded)", at: location)
        }
    }

    private func snapshotFailure(_ view: ResultView) -> StepFailure? {
        guard let key = step.expect.snapshot else { return nil }
        // The file must not have secrets, either.
        let kept = place.session.redactor.redact(Self.plain(view.result))
        let place = step.expect.place ?? step.place
        return snapshots?.failure(of: kept, key: key, except: step.expect.snapshotExceptions, at: place)
    }

    /// A result without what an era adds to every result.
    private static func plain(_ result: JSONValue) -> JSONValue {
        guard var object = result.object else { return result }
        object.members.removeAll { $0.key == "resultType" || $0.key == "_meta" }
        return .object(object)
    }

    private func capture(_ view: ResultView, _ scope: inout Scope) -> [StepFailure] {
        var failures: [StepFailure] = []
        for capture in step.captures {
            guard let root = view.root(capture.root), let value = capture.path.value(in: root) else {
                let missing =
                    capture.root == .text ? "the result has no text" : "nothing at \(capture.path.description)"
                failures.append(StepFailure("capture \(capture.name)", missing, at: capture.place))
                continue
            }
            scope.values[capture.name] = value
        }
        return failures
    }
}
