import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization
import TextUtilities

/// A tool call that goes on after its client was given a name to ask for it by.
///
/// What it comes to is set once: by its work, or by being called off, whichever is first.
final class ServerTask: Sendable {
    /// What is done: a tool's handler, or the part of it that takes long.
    typealias Work = HandlerOutcome<ToolOutput>.Work

    private struct State {
        var snapshot: TaskSnapshot
        /// The keys that the work gave its questions, by those that the client sees.
        var names: [String: String] = [:]
        var usedKeys: Set<String> = []
        var answers: JSONObject = [:]
        /// The work, while it waits for answers.
        var parked: CheckedContinuation<JSONObject, any Error>?
        /// Whether the questions are being asked by requests, which must not happen twice.
        var isAsking = false
        var watchers: [Int: CheckedContinuation<Void, Never>] = [:]
        var watcherCount = 0
        var running: Task<Void, Never>?

        var isOver: Bool { snapshot.ending != nil }

        /// Notes that something is different now, and gives back whom that must be told.
        mutating func touch() -> [CheckedContinuation<Void, Never>] {
            snapshot.updatedAt = Timestamp.now
            snapshot.version += 1
            defer { watchers = [:] }
            return Array(watchers.values)
        }
    }

    private let onChange: @Sendable (TaskSnapshot) -> Void
    private let state: Mutex<State>

    /// Creates a task that has not begun.
    init(_ snapshot: TaskSnapshot, onChange: @escaping @Sendable (TaskSnapshot) -> Void) {
        self.onChange = onChange
        state = Mutex(State(snapshot: snapshot))
    }

    /// How the task stands.
    var snapshot: TaskSnapshot { state.withLock { $0.snapshot } }

    // MARK: - The work

    /// Begins the work, which the task owns from then on.
    func begin(_ work: @escaping Work, _ context: RequestContext, executor: (any TaskExecutor)?) {
        state.withLock { state in
            guard !state.isOver else { return }
            state.running = Task(executorPreference: executor) { await self.perform(work, context) }
        }
    }

    private func perform(_ work: @escaping Work, _ context: RequestContext) async {
        do {
            end(.output(try await output(of: work, context)))
        } catch {
            end(.error(RPCError(error, from: Method.toolsCall.rawValue, in: context.revision)))
        }
    }

    private func output(of work: @escaping Work, _ context: RequestContext) async throws -> ToolOutput {
        var (work, context) = (work, context)
        for _ in 1...InputBridge.roundLimit {
            switch try await work(context) {
            case .complete(let output): return output
            case .task(let next): work = next
            case .inputRequired(let result):
                try InputBridge(context: context).checkCapabilities(result)
                context.inputResponses = try await answers(to: result.questions)
                context.requestState = result.requestState
            }
        }
        throw RPCError.endlessQuestions
    }

    // MARK: - Questions

    /// Shows the questions to the client and waits until all are answered.
    private func answers(to questions: [(key: String, request: InputRequest)]) async throws -> JSONObject {
        guard !questions.isEmpty else { return [:] }
        return try await withCheckedThrowingContinuation { continuation in
            let changed = state.withLock { state -> (TaskSnapshot, [CheckedContinuation<Void, Never>])? in
                guard !state.isOver else { return nil }
                state.answers = [:]
                state.names = [:]
                state.snapshot.questions = questions.map { question in
                    let key = state.usedKeys.insertNew(question.key)
                    state.names[key] = question.key
                    return (key, question.request)
                }
                state.parked = continuation
                return (state.snapshot, state.touch())
            }
            guard let (_, watchers) = changed else {
                continuation.resume(throwing: CancellationError())
                return
            }
            tell(watchers)
        }
    }

    /// Takes answers, all or some; what was not asked, or not any more, is ignored.
    ///
    /// - Throws: An error for the client whose answer is none.
    func answer(_ responses: JSONObject) throws(RPCError) {
        for question in snapshot.questions {
            if let value = responses[question.key], value.object == nil {
                throw .invalidParams("the answer to \"\(question.key)\" must be an object, not \(value.typeName)")
            }
        }
        let (parked, answers, watchers) = state.withLock { state in
            var isNews = false
            for (key, _) in state.snapshot.questions {
                guard let value = responses[key], let name = state.names[key] else { continue }
                state.answers[name] = value
                isNews = true
            }
            state.snapshot.questions.removeAll { responses[$0.key] != nil }
            let watchers = isNews ? state.touch() : nil
            guard state.snapshot.questions.isEmpty, let parked = state.parked else {
                return (nil as CheckedContinuation<JSONObject, any Error>?, state.answers, watchers)
            }
            state.parked = nil
            state.isAsking = false
            return (parked, state.answers, watchers)
        }
        if let watchers { tell(watchers) }
        parked?.resume(returning: answers)
    }

    /// The questions that wait, for whoever asks them by requests; nothing if somebody does already.
    func takeQuestions() -> [(key: String, request: InputRequest)] {
        state.withLock { state in
            guard !state.isAsking, !state.snapshot.questions.isEmpty else { return [] }
            state.isAsking = true
            return state.snapshot.questions
        }
    }

    /// Gives questions back that could not be asked.
    func returnQuestions() {
        state.withLock { $0.isAsking = false }
    }

    // MARK: - The end

    /// Sets what came of the task, unless that is settled.
    ///
    /// - Returns: Whether it was not.
    @discardableResult
    func end(_ ending: TaskSnapshot.Ending) -> Bool {
        let ended = state.withLock { state -> (State, [CheckedContinuation<Void, Never>])? in
            guard !state.isOver else { return nil }
            let before = state
            state.snapshot.ending = ending
            state.snapshot.questions = []
            state.parked = nil
            return (before, state.touch())
        }
        guard let (before, watchers) = ended else { return false }
        if case .cancelled = ending { before.running?.cancel() }
        before.parked?.resume(throwing: CancellationError())
        tell(watchers)
        return true
    }

    /// Waits until the work has really stopped.
    func stopped() async {
        await state.withLock { $0.running }?.value
    }

    // MARK: - Watching

    private func tell(_ watchers: [CheckedContinuation<Void, Never>]) {
        for watcher in watchers { watcher.resume() }
        onChange(snapshot)
    }

    /// Waits until the task has changed since a version, or until the waiting task is cancelled.
    func changed(since version: Int) async {
        let number = state.withLock { state in
            state.watcherCount += 1
            return state.watcherCount
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    // Whoever is cancelled from here on finds the watcher.
                    guard state.snapshot.version == version, !Task.isCancelled else { return true }
                    state.watchers[number] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.watchers.removeValue(forKey: number) }?.resume()
        }
    }
}

extension Set<String> {
    /// Adds a name, changed if it is there already, and gives it back.
    fileprivate mutating func insertNew(_ name: String) -> String {
        var candidate = name
        var number = 2
        while !insert(candidate).inserted {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }
}
