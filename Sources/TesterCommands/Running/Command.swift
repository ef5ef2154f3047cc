import ArgumentParser
import Tester

/// A subcommand: parsed by the library, run on the poll loop.
protocol Command: ParsableCommand, Sendable {
    /// The settings file to read before the command runs.
    var settingsSource: Environment.Source { get }

    /// Whether the command that starts the target may follow `--`.
    static var takesServerCommand: Bool { get }

    /// Whether a first signal lets the command finish in order, as a server does, instead of interrupting it.
    func stopsGracefully(in context: CommandContext) -> Bool

    /// Runs the command and prints its report.
    ///
    /// - Throws: ``Failure`` if the command line is wrong or nothing could be sent.
    func run(in context: CommandContext) async throws(Failure) -> Exit
}

extension Command {
    var settingsSource: Environment.Source { .none }

    static var takesServerCommand: Bool { false }

    func stopsGracefully(in context: CommandContext) -> Bool { false }
}
