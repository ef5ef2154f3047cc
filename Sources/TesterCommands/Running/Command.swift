import ArgumentParser
import Tester

/// A command of ours: parsed by the library, run on the event loop.
protocol Command: ParsableCommand, Sendable {
    /// Does what the command is for, prints it and tells how it came out.
    ///
    /// - Throws: ``Failure`` where the question makes no sense or cannot even be put.
    func run(in context: CommandContext) async throws(Failure) -> Exit
}
