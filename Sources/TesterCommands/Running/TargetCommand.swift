import Tester

/// A command that connects to a target, puts one question to it and shows the answer.
protocol TargetCommand: Command {
    /// How to reach the target.
    var options: TargetOptions { get }
    /// How to show the answer.
    var output: OutputOptions { get }
    /// What is ready for the questions of the target, where the command can cause any.
    var input: InputOptions? { get }
    /// The words of the command line: first the target, unless a command stands after `--`.
    var words: [String] { get }

    /// Makes the question of the words without the target; here everything that can be wrong with them is noticed.
    func question(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation
}

/// A question to the engine, once it is connected.
typealias Operation = @Sendable (TesterSession) async throws(Failure) -> Report

extension TargetCommand {
    var input: InputOptions? { nil }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let choice = try TargetOptions.choice(words, in: context)
        let question = try await question(choice.rest, in: context)
        let policy = try input?.policy() ?? InputPolicy()
        try context.environment.model.check(policy)
        let target: Target
        do throws(Failure) {
            target = try options.target(choice, in: context)
        } catch  where error.failureClass != .usage {
            // A file that is not there is an answer about the target, like a command that is not there.
            return context.show(Report(error), as: output)
        }
        if target.caution != nil {
            context.streams.error(
                "Warning: the server's certificate is not verified (--insecure); anybody on the way can read and change "
                    + "everything.\n"
            )
        }
        let session = TesterSession(
            settings: options.settings(in: context, showsWire: output.verbose),
            clock: context.clock
        )
        do throws(Failure) {
            let request = TesterSession.ConnectRequest(target: target, policy: policy)
            let exit = context.show(try await answer(question, request, session, in: context), as: output)
            // What was asked for is on the screen by now: only the prompt of the shell waits for the target's end.
            await session.close()
            return exit
        } catch {
            await session.close()
            throw error
        }
    }

    private func answer(
        _ question: Operation,
        _ request: TesterSession.ConnectRequest,
        _ session: TesterSession,
        in context: CommandContext
    ) async throws(Failure) -> Report {
        let connected = await session.connect(request)
        guard connected.failure == nil else { return connected }
        var answer = try await question(session)
        // A script that wants JSON is not to be asked.
        if context.inputs.isTerminal, !output.json {
            let asking = TerminalInput(streams: context.streams, readLine: context.inputs.line)
            answer = await asking.settle(answer, session)
        }
        // What was odd while connecting belongs to the picture; a question may have found it, too.
        let known = answer.findings
        answer.findings = connected.findings.filter { !known.contains($0) } + known
        return answer
    }
}
