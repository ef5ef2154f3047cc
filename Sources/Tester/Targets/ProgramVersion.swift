public import AsyncRuntime

/// The version that a program prints.
public enum ProgramVersion {
    private static let limit = Duration.seconds(3)

    /// Runs a program with `--version`.
    ///
    /// - Returns: The first line that it prints; nil if it prints none, fails, or takes longer than three seconds.
    public static func of(_ path: String, on clock: any Scheduler) async -> String? {
        do throws(Failure) {
            let command = try BuildCommand(words: [path, "--version"])
            let outcome = await command.run(in: nil, environment: [:], on: clock, limit: limit)
            return outcome.isSuccess ? outcome.lines.first { $0.contains { !$0.isWhitespace } } : nil
        } catch {
            return nil
        }
    }
}
