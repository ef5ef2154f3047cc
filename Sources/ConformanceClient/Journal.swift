import Platform

/// What is told to whoever reads the suite's report: a line a step, on standard error.
enum Journal {
    static func note(_ text: String) {
        let line = Array("conformance-client: \(text)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
