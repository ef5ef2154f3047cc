import AsyncRuntime
import Platform
import Synchronization
import Terminal

/// The terminal of a shell session: edits lines, and passes Ctrl-C on to what runs.
///
/// The terminal stays in raw mode for the whole session. What is typed while a command runs is kept for the next prompt.
final class TerminalConsole: Sendable {
    /// How the editing of a line ended.
    enum Entry: Hashable, Sendable {
        case line(String)
        /// Ctrl-C.
        case interrupted
        /// Ctrl-D, or the terminal has gone away.
        case ended
    }

    private struct State {
        var keys: [Key] = []
        var waiting: CheckedContinuation<Key?, Never>?
        var hasEnded = false
        /// What Ctrl-C does while something runs; nil while a line is edited.
        var onInterrupt: (@Sendable () -> Void)?
    }

    /// More keys that are typed ahead are ignored.
    private static let typeAheadLimit = 4096

    private let streams: Streams
    private let input: Int32
    private let raw: RawMode
    private let loop: PollLoop
    private let state = Mutex(State())

    init(_ streams: Streams, input: Int32 = STDIN_FILENO, on loop: PollLoop = .shared) {
        self.streams = streams
        self.input = input
        self.loop = loop
        raw = RawMode(input)
    }

    /// Runs a session at the terminal, which is afterwards as it was before.
    func run<Result>(_ body: () async -> Result) async -> Result {
        raw.enter()
        defer { raw.leave() }
        let reader = KeyReader(input, on: loop, onKeys: { self.take($0) }, onEnd: { self.end() })
        reader.start()
        defer { reader.stop() }
        do {
            try loop.onSignal([SIGWINCH]) { _ in self.streams.redrawFooter() }
            // Another program may have used the terminal while we were stopped.
            try loop.onSignal([SIGCONT]) { _ in
                self.raw.enter()
                self.streams.redrawFooter()
            }
        } catch {
            // Then the line is only drawn again with the next key.
        }
        // Pasted text arrives as such, so that its line breaks do not start commands.
        streams.error("\u{1B}[?2004h")
        // Also after a signal, which silences everything else.
        defer { streams.lastWord("\u{1B}[?2004l") }
        return await body()
    }

    // MARK: - Keys

    private func take(_ keys: [Key]) {
        for key in keys {
            let (interrupt, waiting) = state.withLock {
                state -> ((@Sendable () -> Void)?, CheckedContinuation<Key?, Never>?) in
                if key == .control("c"), let interrupt = state.onInterrupt {
                    // As terminals do, it discards what was typed before.
                    state.keys = []
                    return (interrupt, nil)
                }
                if let waiting = state.waiting {
                    state.waiting = nil
                    return (nil, waiting)
                }
                if state.keys.count < Self.typeAheadLimit { state.keys.append(key) }
                return (nil, nil)
            }
            interrupt?()
            waiting?.resume(returning: key)
        }
    }

    private func end() {
        let (waiting, interrupt) = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = nil }
            return (state.waiting, state.onInterrupt)
        }
        waiting?.resume(returning: nil)
        // No one is there to see how it ends.
        interrupt?()
    }

    /// The next key; nil if the terminal has gone away or the task is cancelled.
    private func nextKey() async -> Key? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let key = state.withLock { state -> Key?? in
                    if !state.keys.isEmpty { return state.keys.removeFirst() }
                    if state.hasEnded || Task.isCancelled { return .some(nil) }
                    state.waiting = continuation
                    return nil
                }
                if let key { continuation.resume(returning: key) }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.waiting = nil }
                return state.waiting
            }?.resume(returning: nil)
        }
    }

    private var hasTypedAhead: Bool { state.withLock { !$0.keys.isEmpty } }

    // MARK: - Editing

    /// Edits a line.
    ///
    /// - Parameters:
    ///   - complete: Completes the word at the end of a text.
    func edit(
        _ editor: inout LineEditor,
        prompt: String,
        styled: @escaping @Sendable (String) -> String = { $0 },
        complete: (@Sendable (_ before: String) async -> LineCompletion)? = nil
    ) async -> Entry {
        func show() {
            if !hasTypedAhead { streams.showFooter(EditorView(editor, prompt: prompt, styled: styled)) }
        }
        /// Leaves the line on the screen, above what follows.
        func finish(_ line: String, mark: String = "") {
            streams.showFooter(nil)
            streams.error(styled(prompt) + SafeText.escapeLine(line) + mark + "\n")
        }
        while true {
            show()
            guard let key = await nextKey() else {
                streams.showFooter(nil)
                return .ended
            }
            let line = editor.line
            switch editor.handle(key) {
            case nil: continue
            case .submit(let line):
                finish(line)
                return .line(line)
            case .interrupt:
                finish(line, mark: "^C")
                return .interrupted
            case .end:
                finish(line)
                return .ended
            case .bell: streams.error("\u{07}")
            case .clearScreen:
                streams.showFooter(nil)
                streams.error("\u{1B}[H\u{1B}[2J")
            case .suspend:
                streams.showFooter(nil)
                suspend()
            case .complete:
                guard let complete else {
                    streams.error("\u{07}")
                    continue
                }
                let before = editor.before
                let completion = await interruptible { await complete(before) }
                if editor.apply(completion) == .bell { streams.error("\u{07}") }
            }
        }
    }

    /// Lets the user's shell have the terminal until it continues this program.
    private func suspend() {
        raw.leave()
        // As the terminal would, to everything in the foreground.
        kill(0, SIGTSTP)
        raw.enter()
    }

    // MARK: - Running

    /// Performs an operation that Ctrl-C cancels.
    func interruptible<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        let task = Task(executorPreference: loop, operation: body)
        state.withLock { $0.onInterrupt = { task.cancel() } }
        defer { state.withLock { $0.onInterrupt = nil } }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Edits a line within an operation that Ctrl-C cancels; nil if it was cancelled or there is no line.
    func answer(prompt: String) async -> String? {
        let interrupt = state.withLock { state in
            defer { state.onInterrupt = nil }
            return state.onInterrupt
        }
        defer { state.withLock { $0.onInterrupt = interrupt } }
        var editor = LineEditor()
        switch await edit(&editor, prompt: prompt) {
        case .line(let line): return line
        case .ended: return nil
        case .interrupted:
            interrupt?()
            return nil
        }
    }
}
