import HostConfiguration
import Suites
import Tester

extension RunCommand {
    /// Runs the cases again whenever a file changes, until the calling task is cancelled.
    func watch(in context: CommandContext) async throws(Failure) -> Exit {
        if dryRun { throw .usage("--dry-run and --watch exclude each other.", nextStep: "Omit one of them.") }
        let directory = context.surroundings().directory
        var watch = FileWatch(givenPatterns, in: directory)
        var last: (summary: RunSummary, exit: Exit)?
        var count = 0
        while true {
            // Before the files are read: what changes during the run counts.
            var known = watch.snapshot()
            do throws(Failure) {
                let plan = try await plan(in: context)
                watch = FileWatch(givenPatterns + plan.watchedPatterns(executable: context.executable), in: directory)
                known = watch.snapshot()
                let run = try await run(plan, in: context)
                count += 1
                last = (run.summary, context.exitCode(of: run.summary, reportsFailed: run.hasProblems))
            } catch {
                // The first run shows whether the command line makes sense; later mistakes are those of an edit.
                if count == 0, !Task.isCancelled { throw error }
                context.streams.error("Error: \(SafeText.escape("\(error.message)\n\(error.nextStep)"))\n")
            }
            if !Task.isCancelled {
                let files = known.count == 1 ? "1 file" : "\(known.count) files"
                context.streams.error("Watching \(files). Ctrl-C ends.\n")
            }
            guard let present = await watch.change(from: known, on: context.clock) else { break }
            let change = AutomaticRestart(files: watch.changes(from: known, to: present)).cause
            context.streams.error("\n\(SafeText.escape(change)).\n")
        }
        guard let last else { return .nothingRan }
        let runs = count == 1 ? "1 run" : "\(count) runs"
        context.streams.out("Ended after \(runs), the last one: \(last.summary.verdict)\n")
        return last.exit
    }

    /// What the user named, so that new suites in a folder are noticed.
    private var givenPatterns: [String] {
        (paths.isEmpty ? ["."] : paths).flatMap { path in
            let pattern = FileWatch.pattern(of: path)
            return [pattern] + SuiteLoader.endings.map { "\(pattern)/**/*\($0)" }
        } + watchFiles
    }
}
