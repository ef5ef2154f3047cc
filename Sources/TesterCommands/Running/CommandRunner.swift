import AsyncRuntime
import ChildProcesses
import MCPStdio
import Platform
import Synchronization
import Tester

/// Runs a command until it is done or a signal ends it; whatever it started ends with it.
struct CommandRunner {
    let context: CommandContext

    init(_ context: CommandContext) {
        self.context = context
    }

    func run(_ command: any Command) async -> Exit {
        guard !command.stopsGracefully(in: context) else { return await runUntilStopped(command) }
        let signals = AsyncStream<Int32>.makeStream()
        do {
            try PollLoop.shared.onSignal([SIGINT, SIGTERM, SIGHUP, SIGQUIT]) { signals.continuation.yield($0) }
        } catch {
            // Without handlers a signal ends us at once, and the guard of the processes ends what we started.
            context.streams.error("Signals cannot be handled: \(error)\n")
        }
        return await withTaskGroup(of: Exit?.self) { group in
            group.addTask { await finish(command) }
            group.addTask {
                var received = signals.stream.makeAsyncIterator()
                guard let signal = await received.next() else { return nil }
                return await interrupt(signal)
            }
            var exit = await group.next() ?? nil
            group.cancelAll()
            // A signal ends the target, and with that often the command, too: the signal is the reason.
            for await other in group {
                if case .interrupted? = other { exit = other }
            }
            return exit ?? .inconclusive
        }
    }

    /// Runs a command that serves: the first signal asks it to finish, a second one is taken at its word.
    private func runUntilStopped(_ command: any Command) async -> Exit {
        let task = Task { await finish(command) }
        let signals = Mutex(0)
        do {
            try PollLoop.shared.onSignal([SIGINT, SIGTERM, SIGHUP, SIGQUIT]) { signal in
                let count = signals.withLock { count in
                    count += 1
                    return count
                }
                // What we started ends with us: its guard sees to that.
                if count > 1 { _exit(Exit.interrupted(signal: signal).code) }
                task.cancel()
            }
        } catch {
            context.streams.error("Signals cannot be handled: \(error)\n")
        }
        return await task.value
    }

    /// Runs a command to its end; a question that could not be put is refused.
    func finish(_ command: any Command) async -> Exit {
        do throws(Failure) {
            return try await command.run(in: context)
        } catch {
            return refuse(error)
        }
    }

    /// A question that could not even be put: no answer of a target, so nothing goes to standard output.
    private func refuse(_ failure: Failure) -> Exit {
        let line = ErrorLine(failure)
        context.streams.error("Error: \(SafeText.escape(failure.message))\n")
        if !failure.nextStep.isEmpty { context.streams.error("\(SafeText.escape(failure.nextStep))\n") }
        context.streams.error(line.line)
        return line.exit
    }

    private func interrupt(_ signal: Int32) async -> Exit {
        context.streams.silence()
        await ChildProcess.shutdownAll(grace: CommandContext.shortGrace)
        let exit = Exit.interrupted(signal: signal)
        context.streams.lastWord(ErrorLine(interruptedBy: signal).line)
        return exit
    }
}
