import AsyncRuntime
import MCP
import Synchronization
import Terminal
import Tester

/// One line at the terminal that shows what runs and how far it is, once that takes longer than half a second.
final class ProgressLine: CallRelay {
    private struct State {
        /// What runs; nil between two steps.
        var view: ProgressView?
        var tick: ScheduledAction?
    }

    private let streams: Streams
    private let clock: any TesterClock
    private let isEnabled: Bool
    private let state = Mutex(State())
    /// Distinguishes the steps, so that a late tick does not show one that has ended.
    private let step = Atomic(0)

    private static let delay = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(100)

    /// Creates a line, which is shown only if standard error is a terminal that can erase it.
    init(in context: CommandContext, isEnabled: Bool = true) {
        streams = context.streams
        clock = context.clock
        self.isEnabled = isEnabled && streams.isErrorTerminal && context.environment[terminal: "TERM"] != "dumb"
    }

    /// Begins a step, in place of the one before.
    func begin(_ label: String) {
        guard isEnabled else { return }
        end()
        state.withLock { $0.view = ProgressView(label, since: clock.now) }
        schedule(after: Self.delay)
    }

    /// Ends the step and erases the line.
    func end() {
        guard isEnabled else { return }
        step.add(1, ordering: .sequentiallyConsistent)
        let (tick, wasShown) = state.withLock { state in
            defer { state = State() }
            return (state.tick, state.view?.isShown ?? false)
        }
        tick?.cancel()
        if wasShown { streams.showFooter(nil) }
    }

    /// Performs an operation as one step.
    func during<Result, Failure: Error>(
        _ label: String,
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        begin(label)
        defer { end() }
        return try await body()
    }

    private func schedule(after delay: Duration) {
        let number = step.load(ordering: .sequentiallyConsistent)
        let tick = clock.schedule(at: clock.now.advanced(by: delay)) { [weak self] in self?.tick(number) }
        state.withLock { $0.tick = tick }
    }

    private func tick(_ number: Int) {
        let isCurrent = { self.step.load(ordering: .sequentiallyConsistent) == number }
        let view = state.withLock { state -> ProgressView? in
            guard isCurrent() else { return nil }
            state.view?.advance(to: clock.now)
            return state.view
        }
        guard let view else { return }
        streams.showFooter(view, if: isCurrent)
        schedule(after: Self.interval)
    }

    // MARK: - What is known of the progress

    /// Shows how far a test is.
    func show(_ progress: TestProgress) {
        state.withLock { state in
            state.view?.message = progress.step
            state.view?.measure = .init(Double(progress.done), of: Double(progress.total), isCount: true)
        }
    }

    func progress(_ params: ProgressParams) {
        let redactor = streams.secrets.redactor
        state.withLock { state in
            state.view?.message = params.message.map { String(redactor.redact($0).prefix(200)) }
            state.view?.measure = params.progress.map { .init($0, of: params.total) }
        }
    }

    func log(_ params: LogMessageParams) {}
}
