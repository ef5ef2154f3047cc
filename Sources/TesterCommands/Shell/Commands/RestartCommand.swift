import ArgumentParser
import Tester

/// Restarts the server of a session.
struct RestartCommand: SessionOperation {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Restart the server, or connect again to its URL, and show what it offers differently.",
        usage: "restart [--build COMMAND] [--repeat-last] [--watch GLOB ... | --unwatch]",
        discussion: """
            Examples:
              restart --build 'npm run build' --repeat-last
              restart --watch '**/*.py'
            """
    )

    @Option(help: ArgumentHelp("Command to run first. If it fails, the server goes on.", valueName: "command"))
    var build: String?

    @Flag(help: "Repeat the last call that failed.")
    var repeatLast = false

    @Option(help: ArgumentHelp("Restart whenever files that match change. Repeatable.", valueName: "glob"))
    var watch: [String] = []

    @Flag(help: "Watch no files any more.")
    var unwatch = false

    @OptionGroup
    var output: OutputOptions

    var words: [String] { [] }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        var request = TesterSession.RestartRequest()
        request.build = try build.map { (line) throws(Failure) in try BuildCommand(line: line) }
        request.repeatsLastFailure = repeatLast
        request.watch = unwatch ? [] : watch.isEmpty ? nil : watch
        request.relay = context.progress
        return { [request] in await $0.restart(request) }
    }
}
