import Terminal

/// What a progress line shows: what runs, how far it is, and for how long.
struct ProgressView: FooterContent {
    /// How much is done.
    struct Measure: Sendable {
        var done: Double
        /// Nil if it is not known.
        var total: Double?
        /// Whether the step that is counted has only begun.
        var isCount: Bool

        init(_ done: Double, of total: Double?, isCount: Bool = false) {
            self.done = done
            self.total = total
            self.isCount = isCount
        }
    }

    /// What runs.
    let label: String
    var measure: Measure?
    /// What the server says of its progress, or the step of a test.
    var message: String?
    private let began: ContinuousClock.Instant
    private var elapsed = Duration.zero
    private var frame = 0

    init(_ label: String, since began: ContinuousClock.Instant) {
        self.label = label
        self.began = began
    }

    /// Whether it was ever shown.
    var isShown: Bool { frame > 0 }

    mutating func advance(to now: ContinuousClock.Instant) {
        elapsed = began.duration(to: now)
        frame += 1
    }

    private static let frames = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
    private static let barWidth = 20

    func rows(on screen: ScreenSize) -> FooterRows {
        let parts = [
            String(Self.frames[frame % Self.frames.count]), SafeText.escapeLine(label), bar,
            message.map(SafeText.escapeLine), "\(elapsed.components.seconds) s",
        ]
        let line = parts.compactMap(\.self).joined(separator: " ")
        // The last column stays free: some terminals wrap as soon as it is used.
        let text = TextWidth.prefix(of: line, columns: screen.columns - 1)
        return FooterRows([.init(text, columns: TextWidth.columns(of: text))], cursor: (0, 0))
    }

    private var bar: String? {
        guard let measure else { return nil }
        guard let total = measure.total, total > 0, measure.done.isFinite, total.isFinite else {
            return measure.total == nil ? Self.text(measure.done) : nil
        }
        let part = min(1, max(0, measure.done / total))
        let filled = Int((part * Double(Self.barWidth)).rounded(.down))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
        let count = measure.isCount ? min(measure.done + 1, total) : measure.done
        return "\(bar) \(Self.text(count))/\(Self.text(total))"
    }

    /// A number without a fraction that says nothing.
    private static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\((number * 100).rounded() / 100)"
    }
}
