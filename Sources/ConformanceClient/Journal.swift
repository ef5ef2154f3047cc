import Platform

/// The log for readers of the suite's report: one line per step, on standard error.
enum Journal {
    static func note(_ text: String) {
        let line = Array("conformance-client: \(text)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
