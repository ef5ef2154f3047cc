/// Reads suites from files and folders.
package enum SuiteLoader {
    /// Reads one suite.
    ///
    /// - Parameters:
    ///   - path: The path as the user gave it, which messages have.
    ///   - environment: The value of an environment variable; nil if it is not set.
    /// - Throws: ``SuiteProblems`` with everything that is wrong with the file.
    package static func read(
        _ bytes: [UInt8],
        path: String,
        environment: @escaping @Sendable (String) -> String?
    ) throws(SuiteProblems) -> Suite {
        let file = SourceFile(path: path, bytes: bytes)
        guard bytes.count <= sizeLimit else {
            let problem = SuiteProblem("The file is larger than \(sizeLimit >> 20) MiB.", in: file, at: 0)
            throw SuiteProblems(problems: [problem])
        }
        return try SuiteReader.read(file, environment: environment)
    }

    static let sizeLimit = 32 << 20

    /// The endings of files that are suites, if a folder is given.
    package static let endings = [".suite.yaml", ".suite.yml", ".suite.json"]
}
