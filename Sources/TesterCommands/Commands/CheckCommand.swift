import ArgumentParser
import Conformance
import HostConfiguration
import JSON
import MCPClient
import Platform
import Synchronization
import Tester

/// Checks a server against the rules of the specification.
struct CheckCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a server against the rules of every protocol revision that it speaks.",
        usage: """
            mcp-test-mcp check TARGET [options]
            mcp-test-mcp check [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Uses the server's own tools, resources and prompts. Rules about what the server does not declare do not apply. \
            Only tools that are declared read-only are called, unless --allow-writes is given. Arguments come from examples, \
            defaults and schemas, or from --samples. Exits with 1 if a rule is broken, not for warnings. Examples:
              mcp-test-mcp check server.py --level must
              mcp-test-mcp check server.py --report junit=check.xml --report sarif=check.sarif
            """
    )

    @Argument(help: .target)
    var words: [String] = []

    @Option(help: ArgumentHelp("Lowest level to check (default: advice).", valueName: "must|should|advice"))
    var level: Check.Level = .advice

    @Option(
        help: ArgumentHelp("Check only this, by name or number, which 'checks' lists. Repeatable.", valueName: "check")
    )
    var only: [String] = []

    @Option(
        help: ArgumentHelp(
            "Check only this protocol revision (default: all that the server speaks).",
            valueName: "revision"
        )
    )
    var revision: String?

    @Option(
        help: ArgumentHelp(
            "File of accepted violations with reasons. An entry that is not needed any more fails.",
            valueName: "file"
        )
    )
    var baseline: String?

    @Flag(
        help:
            "Write what fails now to the --baseline file, with the date as the reason. Entries that it has keep theirs."
    )
    var update = false

    @Option(help: ArgumentHelp("File of arguments for tools, prompts and templates.", valueName: "file"))
    var samples: String?

    @Option(
        help: ArgumentHelp(
            """
            Report to write besides the text: pretty, json (a line per check), junit, tap, github, markdown, sarif or html. \
            Repeatable.
            """,
            valueName: "format=file"
        )
    )
    var report: [String] = []

    @Flag(help: "Also call tools that are not declared read-only.")
    var allowWrites = false

    @Option(help: ArgumentHelp("Tool that is never called. Repeatable.", valueName: "tool"))
    var skipTool: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words, after: "the target", in: context)
        var request = CheckRequest()
        request.listsAll = output.verbose
        request.options.level = level
        request.options.only = try Check.known(only)
        request.options.allowsWrites = allowWrites
        request.options.skippedTools = Set(skipTool)
        if let limit = options.requestTimeout {
            request.options.limit = limit
            request.options.callLimit = limit
        }
        request.options.openLimit = options.limits(context.environment).connect
        request.options.revision = try revision.map { name throws(Failure) in try Check.revision(name) }
        if let samples { request.options.samples = try Samples(try await Self.json(in: samples, context)) }
        if update, baseline == nil {
            throw .usage("--update writes the --baseline file.", nextStep: "Add --baseline FILE, or omit --update.")
        }
        if let baseline, !update || access(baseline, F_OK) == 0 {
            request.baseline = try Baseline(try await Self.json(in: baseline, context))
        }
        if let progress = context.progress {
            request.options.onProgress = { progress.show(TestProgress(done: $0, total: $1, step: $2)) }
        }
        if !report.isEmpty { try RunReports.checkFiles(report) }
        return { [request, update, baseline] session throws(Failure) in
            guard update, let baseline else { return try await check(request, in: session, context) }
            let updated = Mutex<Baseline?>(nil)
            var request = request
            request.onBaseline = { baseline in updated.withLock { $0 = baseline } }
            var report = try await check(request, in: session, context)
            guard let content = updated.withLock({ $0 }) else { return report }
            try Self.write(content, to: baseline)
            report.nextStep = "Read \(baseline), and write down why each violation is accepted."
            return report
        }
    }

    private static func write(_ baseline: Baseline, to path: String) throws(Failure) {
        do throws(FileProblem) {
            try ConfigurationFile.replace(path, with: Array((baseline.json.prettyPrinted + "\n").utf8))
        } catch {
            throw .usage("Could not write \(path): \(error).", nextStep: "Give a path that can be written.")
        }
    }

    /// Checks, and writes the reports if there are any.
    ///
    /// Their files are opened only now, so that a server that does not start leaves the last ones.
    private func check(
        _ request: CheckRequest,
        in session: TesterSession,
        _ context: CommandContext
    ) async throws(Failure) -> Report {
        guard !report.isEmpty else { return await session.check(request) }
        let reports = try RunReports(files: report, in: context)
        var request = request
        request.onEvent = { reports.take($0) }
        var report = await session.check(request)
        for problem in reports.close() {
            context.streams.error("Error: \(SafeText.escape(problem))\n")
            guard report.outcome == .pass else { continue }
            report.outcome = .error
            report.summary = "A report is incomplete; \(report.summary)"
        }
        return report
    }

    static func json(in path: String, _ context: CommandContext) async throws(Failure) -> JSONValue {
        let bytes = try await context.inputs.file(path)
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .usage("\(path) is not valid JSON: \(error)", nextStep: "Correct the file.")
        }
    }
}

extension Check.Level: ExpressibleByArgument {}
