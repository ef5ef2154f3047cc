import ArgumentParser
import AsyncRuntime
import HostConfiguration
import Tester

/// A command that connects to a target, performs one operation and prints the report.
protocol TargetCommand: Command, SessionOperation {
    var options: TargetOptions { get }
    /// Nil if the operation cannot lead to input requests.
    var input: InputOptions? { get }
    /// Whether the operation itself uses the configured model.
    var usesModel: Bool { get }
    /// How long a process may take to exit by itself, if that is judged.
    var exitLimit: Duration? { get }
}

/// A target command whose operation can lead to input requests.
protocol RequestCommand: TargetCommand {
    var inputOptions: InputOptions { get }
}

extension RequestCommand {
    var input: InputOptions? { inputOptions }
}

extension TargetCommand {
    var input: InputOptions? { nil }

    var usesModel: Bool { false }

    var exitLimit: Duration? { nil }

    var settingsSource: Environment.Source { options.settings.source }

    static var takesServerCommand: Bool { true }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let choice = try TargetOptions.choice(words, in: context)
        var context = context
        context.progress = ProgressLine(in: context, isEnabled: !output.verbose)
        let operation = try await operation(choice.rest, in: context)
        let opening = try await TargetOpening(choice, options, input: input, usesModel: usesModel, output, in: context)
        guard case .request(var request) = opening.outcome else { return opening.show(in: context) }
        if let exitLimit { request.target = request.target.granting(exit: exitLimit) }
        var settings = options.settings(in: context, showsWire: output.verbose)
        settings.authorization = try await options.authorization.authorization(in: context)
        let session = TesterSession(settings: settings, clock: context.clock)
        do throws(Failure) {
            let began = context.clock.now
            var (report, wasPrompted) = try await perform(operation, label(choice.rest), request, session, in: context)
            let elapsed = began.duration(to: context.clock.now)
            session.noteRecurrence(in: &report)
            if !opening.showsSecrets { report.redactor = session.redactor }
            let summary = ReportSummary(report, elapsed: wasPrompted ? nil : elapsed)
            let exit = context.show(report, as: output, summary: summary)
            if let names = session.listedNames {
                context.listingCache?.keep(names, for: request.target.cacheKey(in: context.surroundings().directory))
            }
            // The report is printed by now: only the shell's prompt waits for the target to exit.
            await session.close()
            return exit
        } catch {
            await session.close()
            throw error
        }
    }

    private func perform(
        _ operation: Operation,
        _ label: String,
        _ request: TesterSession.ConnectRequest,
        _ session: TesterSession,
        in context: CommandContext
    ) async throws(Failure) -> (report: Report, wasPrompted: Bool) {
        let connected = await context.connecting { await session.connect(request) }
        guard connected.failure == nil else { return (connected, false) }
        // A script that wants JSON is not prompted, and no one sees prompts that go elsewhere.
        let isPerson = context.inputs.isTerminal && context.streams.isErrorTerminal && !output.json
        let prompter = isPerson ? TerminalPrompter(in: context) : nil
        var (report, wasPrompted) = try await perform(operation, label, in: session, context, prompter: prompter)
        // Findings of the connection belong to the report; the operation may have found the same.
        let known = report.findings
        report.findings = connected.findings.filter { !known.contains($0) } + known
        return (report, wasPrompted)
    }
}
