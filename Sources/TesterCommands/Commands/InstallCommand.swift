import ArgumentParser
import HostConfiguration
import Tester

/// Writes our own entry to a host's configuration file.
struct InstallCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Add mcp-test-mcp to a host's configuration file, or remove it.",
        usage: "mcp-test-mcp install HOST [--print | --remove] [options]",
        discussion: """
            HOST is one of \(Host.all.map(\.id).joined(separator: ", ")).

            Only the entry is written: comments, order, indentation and line endings stay. The old content is kept beside the \
            file as FILE.before-mcp-test-mcp. A file that cannot be read is not changed.
            """
    )

    @Argument(help: ArgumentHelp("Host whose configuration file to change.", valueName: "host"))
    var host: String

    @Option(help: ArgumentHelp("Name of the entry.", valueName: "name"))
    var name = InstallRequest.defaultName

    @Flag(name: .customLong("print"), help: "Print what the file would contain, and change nothing.")
    var isPreview = false

    @Flag(help: "Remove the entry.")
    var remove = false

    @Flag(help: "Change the file of the project in the working directory instead of the user's.")
    var project = false

    @Option(help: ArgumentHelp("Other file of the host's format to change.", valueName: "file"))
    var config: String?

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        var request = InstallRequest(host: host, name: name, command: context.executable)
        request.removes = remove
        request.isPreview = isPreview
        request.isForProject = project
        request.file = config
        let (report, content) = try request.carryOut(in: context.surroundings())
        guard let content else { return context.show(report, as: output) }
        context.streams.error("\(report.verdict)\n")
        context.streams.out(Array(content.utf8), isClean: true)
        return Exit(report)
    }
}
