import ArgumentParser
import HostConfiguration
import Tester

/// Examines the installation without starting a server.
struct DoctorCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation, the hosts, the settings, and what would be started.",
        usage: "mcp-test-mcp doctor [TARGET ...] [options]",
        discussion: """
            Shows this program, the interpreters that servers need, the hosts with our entry in their configuration, the \
            settings with their sources, and for each target what exactly would be started. Without TARGET, these are the \
            servers that are configured in hosts. Starts no server. Exits with 1 if there is a problem; each comes with one \
            fix. Examples:
              mcp-test-mcp doctor
              mcp-test-mcp doctor server.py
              mcp-test-mcp doctor @github "uv run server.py"
            """
    )

    @Argument(help: .target)
    var targets: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var settingsSource: Environment.Source { options.settings.source }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let surroundings = context.surroundings()
        let configured = ConfiguredTargets(config: options.config, in: surroundings)
        var previews: [StartPreview] = []
        for word in targets { previews.append(try await preview(of: word, in: context, surroundings)) }
        if targets.isEmpty { previews = configured.previews }
        var examination = Examination(configured, in: context, surroundings)
        examination.examineProgram()
        await examination.examineInterpreters()
        examination.examineHosts()
        examination.examineSettings()
        examination.examine(previews)
        return context.show(examination.report, as: output)
    }

    private func preview(
        of word: String,
        in context: CommandContext,
        _ surroundings: HostSurroundings
    ) async throws(Failure) -> StartPreview {
        let choice = try TargetOptions.choice([word], in: context)
        do throws(Failure) {
            return StartPreview(try await options.target(choice, in: context), in: surroundings)
        } catch {
            return StartPreview(error, of: ArgumentRedaction.shown(word), from: nil)
        }
    }
}
