import ArgumentParser
import Tester

/// A command of ours: parsed by the library, run on the event loop.
protocol Command: ParsableCommand, Sendable {
    /// Tells that a signal is the usual way to end it: it is then given the time to finish.
    func stopsGracefully(in context: CommandContext) -> Bool

    /// Does what the command is for, prints it and tells how it came out.
    ///
    /// - Throws: ``Failure`` where the question makes no sense or cannot even be put.
    func run(in context: CommandContext) async throws(Failure) -> Exit
}

extension Command {
    /// Most commands are cut short.
    func stopsGracefully(in context: CommandContext) -> Bool { false }
}
