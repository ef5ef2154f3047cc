import Tester

/// One line at the terminal that shows what runs, and is erased when that is done.
struct ProgressLine: Sendable {
    private let streams: Streams
    private let isShown: Bool

    /// Creates a line, which is shown only at a terminal.
    init(_ streams: Streams, isShown: Bool) {
        self.streams = streams
        self.isShown = isShown && streams.isTerminal
    }

    /// Shows a step in place of the one before.
    func show(_ progress: TestProgress) {
        guard isShown else { return }
        let step = SafeText.escapeLine(String(progress.step.prefix(60)))
        streams.error("\r\u{1B}[K\(progress.done + 1)/\(progress.total) \(step)")
    }

    /// Erases the line.
    func erase() {
        if isShown { streams.error("\r\u{1B}[K") }
    }
}
