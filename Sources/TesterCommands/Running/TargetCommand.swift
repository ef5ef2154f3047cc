import Tester

/// A command that connects to a target, performs one operation and prints the report.
protocol TargetCommand: Command {
    var options: TargetOptions { get }
    var output: OutputOptions { get }
    /// Nil if the operation cannot lead to input requests.
    var input: InputOptions? { get }
    /// Whether the operation itself uses the configured model.
    var usesModel: Bool { get }
    /// The words of the command line: first the target, unless a command follows `--`.
    var words: [String] { get }

    /// Creates the operation from the words without the target. Nothing has been started yet.
    ///
    /// - Throws: ``Failure`` of the class `usage` for anything wrong with the words.
    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation
}

/// An operation of the engine on its connection.
typealias Operation = @Sendable (TesterSession) async throws(Failure) -> Report

/// A target command whose operation can lead to input requests.
protocol RequestCommand: TargetCommand {
    var request: RequestOptions { get }
}

extension RequestCommand {
    var options: TargetOptions { request.target }
    var output: OutputOptions { request.output }
    var input: InputOptions? { request.input }
}

extension TargetCommand {
    var input: InputOptions? { nil }

    var usesModel: Bool { false }

    var settingsSource: Environment.Source { options.settings.source }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let choice = try TargetOptions.choice(words, in: context)
        let operation = try await operation(choice.rest, in: context)
        let policy = try input?.policy() ?? InputPolicy()
        warnOfIgnoredVariables(policy, in: context)
        try context.environment.model.check(policy)
        let target: Target
        do throws(Failure) {
            target = try await options.target(choice, in: context)
        } catch  where error.failureClass != .usage {
            // A file that does not exist is a result of the test, like a command that does not exist.
            return context.show(Report(error), as: output)
        }
        if target.caution != nil {
            context.streams.error(
                "Warning: the server's certificate is not verified (--insecure). Anyone on the network path can read and "
                    + "change everything.\n"
            )
        }
        if output.showSecrets, context.streams.isTerminal {
            context.streams.showSecrets()
        } else if output.showSecrets {
            context.streams.error("Warning: --show-secrets was ignored: standard output is not a terminal.\n")
        }
        var settings = options.settings(in: context, showsWire: output.verbose)
        settings.authorization = try await options.http.authorization.authorization(in: context)
        let session = TesterSession(settings: settings, clock: context.clock)
        do throws(Failure) {
            let request = TesterSession.ConnectRequest(target: target, policy: policy)
            var report = try await perform(operation, request, session, in: context)
            session.noteRecurrence(in: &report)
            if !(output.showSecrets && context.streams.isTerminal) { report.redactor = session.redactor }
            let exit = context.show(report, as: output)
            // The report is printed by now: only the shell's prompt waits for the target to exit.
            await session.close()
            return exit
        } catch {
            await session.close()
            throw error
        }
    }

    /// Warns of settings of this command that `.env` may not change.
    private func warnOfIgnoredVariables(_ policy: InputPolicy, in context: CommandContext) {
        var variables: [Environment.Variable] = []
        if !options.http.hasToken { variables.append(.authToken) }
        if policy.usesModel || usesModel { variables += [.modelURL, .modelName, .modelKey] }
        let problems = options.settings.envFile == nil ? [] : context.environment.problems
        for warning in problems + context.environment.ignoredVariables(variables) {
            context.streams.error("Warning: \(SafeText.escape(warning))\n")
        }
    }

    private func perform(
        _ operation: Operation,
        _ request: TesterSession.ConnectRequest,
        _ session: TesterSession,
        in context: CommandContext
    ) async throws(Failure) -> Report {
        let connected = await session.connect(request)
        guard connected.failure == nil else { return connected }
        var report = try await operation(session)
        // A script that wants JSON is not prompted.
        if context.inputs.isTerminal, !output.json {
            let prompter = TerminalPrompter(streams: context.streams, readLine: context.inputs.line)
            report = await prompter.resolve(report, in: session)
        }
        // Findings of the connection belong to the report; the operation may have found the same.
        let known = report.findings
        report.findings = connected.findings.filter { !known.contains($0) } + known
        return report
    }
}
