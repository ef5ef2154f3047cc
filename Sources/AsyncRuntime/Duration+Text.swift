extension Duration {
    /// The time in seconds with at most three decimals, such as "1.25 s".
    package var seconds: String {
        let milliseconds = Int64(milliseconds + 0.5)
        let (whole, part) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard part != 0 else { return "\(whole) s" }
        var digits = String(1000 + part).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits) s"
    }

    /// The time in milliseconds.
    package var milliseconds: Double {
        self / .milliseconds(1)
    }
}
