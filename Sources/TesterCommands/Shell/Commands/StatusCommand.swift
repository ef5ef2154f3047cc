import ArgumentParser
import Tester

/// Shows the state of the connection of a session.
struct StatusCommand: SessionOperation {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the state of the connection.",
        usage: "status"
    )

    @OptionGroup
    var output: OutputOptions

    var words: [String] { [] }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        { $0.status() }
    }
}
