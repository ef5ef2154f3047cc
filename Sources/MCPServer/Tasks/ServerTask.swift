import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// A tool call that continues as a task.
///
/// Its outcome is set once: by its work or by cancellation, whichever comes first.
final class ServerTask: Sendable {
    /// A tool's handler, or the part of it that takes long.
    typealias Work = HandlerOutcome<ToolOutput>.Work

    private let onChange: @Sendable (TaskSnapshot) -> Void
    private let state: Mutex<TaskState>
    private let finished = Latch<Void>()

    /// Creates a task without work.
    ///
    /// - Parameter onChange: Called with the task after each change of its status.
    init(_ snapshot: TaskSnapshot, onChange: @escaping @Sendable (TaskSnapshot) -> Void) {
        self.onChange = onChange
        state = Mutex(TaskState(snapshot))
    }

    /// The task at this moment.
    var snapshot: TaskSnapshot { step { $0.snapshot } }

    /// Runs one step of the state, then its effects.
    private func step<Result>(_ body: (inout TaskState) -> sending Result) -> sending Result {
        let (result, effects) = state.withLock { state in
            let result = body(&state)
            return (result, state.takeEffects())
        }
        effects.cancelledWork?.cancel()
        effects.change?.open()
        if effects.hasNewStatus { onChange(snapshot) }
        if let (completion, responses) = effects.finishedRound { completion.open(responses) }
        return result
    }

    // MARK: - The work

    /// Starts the work, which the task owns from then on.
    func start(_ work: @escaping Work, _ context: RequestContext, executor: (any TaskExecutor)?) {
        let task = Task(executorPreference: executor) {
            await self.perform(work, context)
            self.finished.open()
        }
        step { $0.start(task) }
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
        for _ in 1...HandlerRunner.roundLimit {
            switch try await work(context) {
            case .complete(let output): return output
            case .task(let next): work = next
            case .inputRequired(let result):
                try HandlerRunner(context: context).checkCapabilities(result)
                context.inputResponses = try await responses(to: result.questions)
                context.requestState = result.requestState
            }
        }
        throw RPCError.tooManyRounds
    }

    // MARK: - Input

    /// Shows input requests to the client and waits for all responses.
    private func responses(to requests: [KeyedInputRequest]) async throws -> JSONObject {
        guard !requests.isEmpty else { return [:] }
        guard let completion = step({ $0.request(requests) }), let responses = await completion.wait() else {
            throw CancellationError()
        }
        return responses
    }

    /// Takes responses to some or all open input requests.
    ///
    /// Other responses are ignored.
    ///
    /// - Throws: an error for the client if a response is not an object.
    func respond(_ responses: JSONObject) throws(RPCError) {
        for (key, _) in snapshot.inputRequests {
            if let value = responses[key], value.object == nil { throw .invalidResponse(key, value) }
        }
        step { $0.respond(responses) }
    }

    /// What a `tasks/result` request does next.
    func nextResultStep() -> TaskState.ResultStep {
        step { $0.nextResultStep() }
    }

    /// Lets another `tasks/result` request send the open input requests.
    func releaseInputRequests() {
        step { $0.releaseRound() }
    }

    // MARK: - The end

    /// Sets the outcome, unless the task has ended.
    ///
    /// - Returns: whether the outcome was set.
    @discardableResult
    func end(_ outcome: TaskSnapshot.Outcome) -> Bool {
        step { $0.end(outcome) }
    }

    /// Waits until the work has stopped.
    func waitUntilFinished() async {
        await finished.wait()
    }
}
