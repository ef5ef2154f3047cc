import ArgumentParser
import Suites
import Tester

/// Makes one run of the results of several.
struct MergeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge the results of several runs, such as those of shards, into one.",
        usage: "mcp-test-mcp merge FILE ... [options]",
        discussion: """
            Each file is written by 'run --report json=FILE'. Of several results of one case, the last counts. The reports \
            and the exit code are those of one run of all cases. A missing shard counts as a case that could not be judged. \
            Example:
              mcp-test-mcp run --shard 1/2 --report json=1.jsonl
              mcp-test-mcp run --shard 2/2 --report json=2.jsonl
              mcp-test-mcp merge 1.jsonl 2.jsonl --report junit=junit.xml
            """
    )

    @Argument(help: ArgumentHelp("Results of runs.", valueName: "file"))
    var files: [String] = []

    @OptionGroup(title: "Report options")
    var reporting: ReportOptions

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        guard !files.isEmpty else {
            throw .usage("Missing files to merge.", nextStep: "Name files that 'run --report json=FILE' has written.")
        }
        var merged = MergedRun()
        for file in files {
            let bytes = try await context.inputs.file(file)
            do throws(MergedRun.Fault) {
                guard try merged.add(bytes, path: file) else {
                    context.streams.error("Warning: the run of \(SafeText.escape(file)) did not finish.\n")
                    continue
                }
            } catch {
                throw .usage("\(error)", nextStep: "Name files that 'run --report json=FILE' has written.")
            }
        }
        let reports = try RunReports(reporting, in: context)
        merged.replay { reports.take($0) }
        let problems = reports.close()
        for problem in problems { context.streams.error("Error: \(SafeText.escape(problem))\n") }
        return context.exit(merged.summary, reportsFailed: !problems.isEmpty)
    }
}
