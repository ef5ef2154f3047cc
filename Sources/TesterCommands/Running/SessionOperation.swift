import ArgumentParser
import Tester

/// A command that performs one operation on an open session and shows the report: over a connection of its own, or in a
/// shell, which has one for all its commands.
protocol SessionOperation: ParsableCommand, Sendable {
    var output: OutputOptions { get }
    /// The words of the command line besides its options.
    var words: [String] { get }

    /// Creates the operation from the words without the target. Nothing has been started yet.
    ///
    /// - Throws: ``Failure`` of the class `usage` for anything wrong with the words.
    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation
}

/// An operation of the engine on its connection.
typealias Operation = @Sendable (TesterSession) async throws(Failure) -> Report

extension SessionOperation {
    /// What a progress line says of it.
    func label(_ words: [String]) -> String {
        ([Self.configuration.commandName ?? ""] + words.prefix(1).map(ArgumentRedaction.shown)).joined(separator: " ")
    }

    /// Performs the operation, shows its progress, and prompts for the input that the target requests.
    func perform(
        _ operation: Operation,
        _ label: String,
        in session: TesterSession,
        _ context: CommandContext,
        prompter: TerminalPrompter?
    ) async throws(Failure) -> (report: Report, wasPrompted: Bool) {
        let report: Report
        if let progress = context.progress {
            report = try await progress.during(label) { () async throws(Failure) in try await operation(session) }
        } else {
            report = try await operation(session)
        }
        guard let prompter, report.pending != nil else { return (report, false) }
        return (await prompter.resolve(report, label, in: session), true)
    }
}
