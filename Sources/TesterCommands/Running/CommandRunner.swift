import AsyncRuntime
import ChildProcesses
import MCPStdio
import Platform
import Synchronization
import Tester

/// Runs a command until it is done or a signal ends it.
///
/// Everything it started ends with it.
struct CommandRunner {
    let context: CommandContext

    init(_ context: CommandContext) {
        self.context = context
    }

    /// Runs a command.
    ///
    /// - Parameter handlesSignals: False in tests, which share their process with other tests.
    func run(_ command: any Command, handlesSignals: Bool = true) async -> Exit {
        let exit: Exit
        do throws(Failure) {
            let runner = CommandRunner(try context.readingSettings(command.settingsSource))
            exit = handlesSignals ? await runner.runWithSignals(command) : await runner.finish(command)
        } catch {
            exit = refuse(error)
        }
        return outputFailure(after: exit) ?? exit
    }

    private func runWithSignals(_ command: any Command) async -> Exit {
        command.stopsGracefully(in: context) ? await runUntilStopped(command) : await runUntilInterrupted(command)
    }

    /// SIGQUIT is among them because the Swift runtime would print a backtrace for it.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private func onSignal(_ action: @escaping @Sendable (Int32) -> Void) {
        do {
            try PollLoop.shared.onSignal(Self.signals, action)
        } catch {
            // Without handlers a signal ends this process at once, and the process guard ends its children.
            context.streams.error("Could not install signal handlers: \(error)\n")
        }
    }

    /// Runs a command that the first signal interrupts.
    private func runUntilInterrupted(_ command: any Command) async -> Exit {
        let signals = AsyncStream<Int32>.makeStream()
        onSignal { signals.continuation.yield($0) }
        return await withTaskGroup(of: Exit?.self) { group in
            group.addTask { await finish(command) }
            group.addTask {
                var received = signals.stream.makeAsyncIterator()
                guard let signal = await received.next() else { return nil }
                return await interrupt(signal)
            }
            var exit = await group.next() ?? nil
            group.cancelAll()
            // A signal ends the target, and often the command through it: the signal is the reason to report.
            for await other in group {
                if case .interrupted? = other { exit = other }
            }
            // The command may have restarted its target after the interruption, before it noticed its own cancellation.
            if case .interrupted? = exit { await ChildProcess.shutdownAll(grace: CommandContext.shortGrace) }
            return exit ?? .inconclusive
        }
    }

    /// Runs a command that serves: the first signal lets it finish, a second one ends the process.
    private func runUntilStopped(_ command: any Command) async -> Exit {
        let task = Task { await finish(command) }
        let signals = Mutex(0)
        onSignal { signal in
            let count = signals.withLock { count in
                count += 1
                return count
            }
            // The process guard ends our children.
            if count > 1 { _exit(Exit.interrupted(signal: signal).code) }
            task.cancel()
        }
        return await task.value
    }

    private func finish(_ command: any Command) async -> Exit {
        do throws(Failure) {
            return try await command.run(in: context)
        } catch {
            return refuse(error)
        }
    }

    /// Reports a failure before anything was sent.
    ///
    /// It is not a result of a target, so nothing goes to standard output.
    func refuse(_ failure: Failure) -> Exit {
        var failure = failure
        failure.reword(context.wording)
        let line = ErrorLine(failure)
        context.streams.error("Error: \(SafeText.escape(failure.message))\n")
        if !failure.nextStep.isEmpty { context.streams.error("\(SafeText.escape(failure.nextStep))\n") }
        context.streams.write(line, isShown: true)
        return line.exit
    }

    /// Reports that standard output could not be written, unless a signal ended the command anyway.
    private func outputFailure(after exit: Exit) -> Exit? {
        if case .interrupted = exit { return nil }
        return context.streams.reportOutputError()
    }

    private func interrupt(_ signal: Int32) async -> Exit {
        context.streams.silence()
        await ChildProcess.shutdownAll(grace: CommandContext.shortGrace)
        let exit = Exit.interrupted(signal: signal)
        let line = ErrorLine(interruptedBy: signal)
        context.streams.lastWord(context.streams.isErrorTerminal ? "\n\(line.message)\n" : line.line)
        return exit
    }
}

extension Streams {
    /// Reports on standard error that standard output could not be written; nil if it could.
    func reportOutputError() -> Exit? {
        guard let code = outputError else { return nil }
        let line = ErrorLine(outputError: code)
        error("Error: \(line.message)\n")
        write(line, isShown: true)
        return line.exit
    }

    /// Writes the error for scripts: as JSON, or as a sentence for a person who sees nothing else of it.
    func write(_ line: ErrorLine, isShown: Bool) {
        if !isErrorTerminal { return error(line.line) }
        if !isShown { error("Error: \(SafeText.escapeLine(line.message))\n") }
    }
}
