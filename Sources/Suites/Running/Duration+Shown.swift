extension Duration {
    /// The time for people: `12 ms` or `1.5 s`.
    package var shown: String {
        let (seconds, attoseconds) = components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        if milliseconds > 0, milliseconds < 0.995 { return "\((milliseconds * 100).rounded(.up) / 100) ms" }
        if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
        let tenths = Int((milliseconds / 100).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
