import ArgumentParser
import AsyncRuntime
import HostConfiguration
import MCPClient
import MCPHTTP
import Platform
import Suites
import Tester

/// Runs suites.
struct RunCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run suites: cases of calls and what is expected of them, from YAML files.",
        usage: "mcp-test-mcp run [FILE|DIR ...] [options]",
        discussion: """
            A folder is searched for files that end in .suite.yaml, .suite.yml or .suite.json. Each case has a connection, \
            and so a process, of its own, unless the suite says `isolation: file`. A file with any mistake is reported with \
            the line and column before anything runs. 'mcp-test-mcp schema suite' prints the JSON Schema of the format.

            Exits with 0 if all cases passed, 1 if one failed, 2 if a file or option is wrong, 3 if a case could not be \
            judged, 7 if no case ran, and 130 after Ctrl-C. Examples:
              mcp-test-mcp run
              mcp-test-mcp run tests --tag smoke --jobs 4
              mcp-test-mcp run --report junit=junit.xml --report markdown=summary.md
              mcp-test-mcp run server.suite.yaml --filter 'weather in Lisbon'
              mcp-test-mcp run --watch
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Suite files, or folders that have some (default: the working directory).",
            valueName: "path"
        )
    )
    var paths: [String] = []

    @Option(
        name: [.long, .customShort("k")],
        help: ArgumentHelp(
            "Run only the case with this name, or those whose file::name contains this text. Repeatable.",
            valueName: "text"
        )
    )
    var filter: [String] = []

    @Option(help: ArgumentHelp("Run only cases with this tag. Repeatable.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Run no case with this tag. Repeatable.", valueName: "tag"))
    var excludeTag: [String] = []

    @Flag(help: "Run only the cases that failed when they last ran in this folder.")
    var lastFailed = false

    @Flag(help: "Start no further case after one failed.")
    var failFast = false

    @Option(help: ArgumentHelp("Cases that run at the same time (default: the number of processors).", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Run one of several equal parts, such as 2/5.", valueName: "n/count"))
    var shard: String?

    @Option(help: ArgumentHelp("Start cases in an order shuffled by this number.", valueName: "number"))
    var seed: UInt64?

    @Flag(help: "Write the snapshots of the cases that run, instead of comparing them.")
    var update = false

    @Flag(help: "List the cases that would run, and run none.")
    var dryRun = false

    @Flag(help: "Run again whenever a suite, a snapshot or a file of a server changes, until Ctrl-C.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "Files that --watch watches too, such as 'src/**/*.py'. Implies --watch. Repeatable.",
            valueName: "pattern"
        )
    )
    var watchFiles: [String] = []

    @OptionGroup(title: "Report options")
    var reporting: ReportOptions

    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    @OptionGroup
    var settings: SettingsOptions

    var settingsSource: Environment.Source { settings.source }

    /// A first signal ends the servers and writes the reports.
    func stopsGracefully(in context: CommandContext) -> Bool { true }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        if watch || !watchFiles.isEmpty { return try await watch(in: context) }
        let plan = try await plan(in: context)
        if dryRun {
            let cases = try selection(in: context).cases(of: plan.suites)
            for suiteCase in cases { context.streams.out("\(SafeText.escapeLine(suiteCase.id))\n") }
            return cases.isEmpty ? .nothingRan : .passed
        }
        let run = try await run(plan, in: context)
        if run.summary.total == 0 {
            context.streams.error(lastFailed ? "No selected case failed when it last ran.\n" : "No case matches.\n")
        }
        return context.exit(run.summary, reportsFailed: run.hasProblems)
    }

    /// Reads all suites.
    ///
    /// - Throws: ``Failure`` with every mistake in every file.
    func plan(in context: CommandContext) async throws(Failure) -> SuitePlan {
        let surroundings = context.surroundings()
        let plan = try await SuitePlan(
            paths.isEmpty ? ["."] : paths,
            mode: update ? .update : .compare,
            environment: { surroundings.variable($0) },
            read: context.inputs.file
        )
        for secret in plan.secrets { context.streams.secrets.add([Secret(secret, .env)]) }
        return plan
    }

    /// Runs the selected cases once and writes their reports.
    func run(
        _ plan: SuitePlan,
        in context: CommandContext
    ) async throws(Failure) -> (summary: RunSummary, hasProblems: Bool) {
        let selection = try selection(in: context)
        let cases = selection.cases(of: plan.suites)
        let reports = try RunReports(reporting, in: context)
        var settings = RunSettings(
            tester: try await testerSettings(in: context),
            clock: context.clock,
            executable: context.executable,
            jobs: try jobCount()
        )
        settings.failsFast = failFast
        settings.keepsFrames = reports.showsFrames
        settings.seed = seed
        settings.shard = selection.shard
        settings.snapshots = plan.snapshots
        settings.repeatCommand = { file, name in
            "\(Program.name) run \(Self.quoted(file)) --filter \(Self.quoted(name))"
        }
        let progress = ProgressLine(in: context)
        progress.begin("running")
        let recorder = RunRecorder(reports, progress: progress, total: cases.count)
        let summary = await SuiteRunner(cases, settings: settings).run { recorder.take($0) }
        progress.end()
        LastRun(in: context)?.keep(failed: recorder.failed, passed: recorder.passed)
        var problems = reports.close()
        if !summary.wasInterrupted { problems += plan.writeSnapshots(isComplete: cases.count == plan.caseCount) }
        for problem in problems { context.streams.error("Error: \(SafeText.escape(problem))\n") }
        return (summary, !problems.isEmpty)
    }

    private func testerSettings(in context: CommandContext) async throws(Failure) -> TesterSettings {
        var limits = ConnectionLimits()
        limits.connect = context.environment.connectTimeout ?? limits.connect
        var settings = TesterSettings(
            info: Program.identity,
            limits: limits,
            defaultToken: context.environment.authToken,
            makeTransport: context.loggingTransport
        )
        settings.surroundings = context.surroundings
        settings.secrets = context.streams.secrets
        settings.authorization = try await authorization.authorization(in: context)
        return settings
    }

    private func jobCount() throws(Failure) -> Int {
        guard let jobs else { return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
        guard (1...1000).contains(jobs) else {
            throw .usage("--jobs must be from 1 to 1000.", nextStep: "Omit it to use one job per processor.")
        }
        return jobs
    }

    private func selection(in context: CommandContext) throws(Failure) -> CaseSelection {
        var selection = CaseSelection()
        selection.filters = filter
        selection.tags = tag
        selection.excludedTags = excludeTag
        if lastFailed {
            guard let failed = LastRun(in: context)?.failed else {
                throw .usage(
                    "No earlier run in this folder is known.",
                    nextStep: "Run all cases once without --last-failed."
                )
            }
            selection.lastFailed = failed
        }
        if let shard {
            guard let read = CaseSelection.Shard(shard) else {
                throw .usage(
                    "--shard must be a part and a number of parts, got \"\(shard)\".",
                    nextStep: "Write --shard 2/5 for the second of five parts."
                )
            }
            selection.shard = read
        }
        return selection
    }

    /// A word as a shell reads it.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-_./:=@%+,".utf8.contains(byte)
            }
        guard !isPlain else { return word }
        return "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
    }
}
