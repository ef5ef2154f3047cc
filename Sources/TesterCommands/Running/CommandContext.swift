import AsyncRuntime
import ChildProcesses
import HostConfiguration
import JSONRPC
import MCPHTTPServer
import MCPStdio
import MCPTransport
import Tester

/// The surroundings of a command, which tests replace.
struct CommandContext: Sendable {
    /// Where reports and errors are written.
    var streams: Streams
    /// The variables that settings come from.
    var environment: Environment
    var clock: any TesterClock
    /// The path of this program, which is started again as the demo server.
    var executable: String
    /// Standard input and files.
    var inputs: InputSources
    /// What the configuration files of hosts refer to.
    var surroundings: @Sendable () -> HostSurroundings = { .process }
    /// The names that targets have listed lately; nil if none are kept.
    var listingCache: ListingCache?
    /// The longest time that a target gets to list its names for a completion.
    ///
    /// No one waits longer for a key to have an effect.
    var completionLimit = Duration.seconds(2)
    /// The words after `--` on the command line: the command that starts the target.
    ///
    /// Nil without `--`.
    var serverCommand: [String]?
    /// Shows what runs; nil before a command begins to run.
    var progress: ProgressLine?
    /// Whether the connection outlives a command, as in a shell.
    var keepsConnection = false
    /// Creates the transport to a target.
    var makeTransport: @Sendable (Target) -> any ClientTransport
    /// Creates the HTTP server, which passes on its URL once it listens.
    var makeServer: @Sendable (HTTPServerOptions, @escaping @Sendable (_ url: String) -> Void) -> any ServerTransport
    /// Ends every child process at once; returns when none is left.
    var endProcesses: @Sendable () async -> Void

    /// The surroundings of the process.
    static func system(_ streams: Streams, serverCommand: [String]?) -> CommandContext {
        let clock = SystemTesterClock(PollLoop.shared)
        let keepsNames = Environment.system.completion != .off
        return CommandContext(
            streams: streams,
            environment: .system,
            clock: clock,
            executable: OwnExecutable.path,
            inputs: .system,
            listingCache: keepsNames ? ListingCache.ofUser(.process) : nil,
            serverCommand: serverCommand,
            makeTransport: { $0.transport(scheduler: clock, grace: shortGrace) },
            makeServer: { options, onListening in
                HTTPServerTransport(options, scheduler: clock) { onListening($0.url) }
            },
            endProcesses: { await ChildProcess.shutdownAll(grace: shortGrace) }
        )
    }

    /// ``makeTransport``, with each frame logged if `MCP_TEST_DEBUG` says so.
    var loggingTransport: @Sendable (Target) -> any ClientTransport { FrameLog.wrapping(makeTransport, in: self) }

    /// The time that targets get to exit while someone at a terminal waits.
    static let shortGrace = ChildProcess.Grace(endOfInput: .milliseconds(500), terminate: .milliseconds(500))

    /// The same surroundings with the variables of a settings file.
    func readingSettings(_ source: Environment.Source) throws(Failure) -> CommandContext {
        var context = self
        context.environment = try environment.reading(source, with: inputs.settingsFile)
        return context
    }

    /// Shows that a connection is being made.
    func connecting(_ connect: () async -> Report) async -> Report {
        guard let progress else { return await connect() }
        return await progress.during("connecting", connect)
    }

    /// How sentences refer to what a person can use here.
    var wording: Wording { keepsConnection ? .shell : .command }

    /// What to do if a target requests input that was not given with the command.
    private var adviceForInput: String {
        keepsConnection
            ? "Answer with respond NAME=VALUE …, or respond decline."
            : "Prepare answers with --answer or --answers, set a --policy, or run the command at a terminal."
    }

    /// Prints a report and returns how the program exits.
    ///
    /// - Parameter summary: The last line of a text.
    func show(_ report: Report, as options: OutputOptions, summary: ReportSummary? = nil) -> Exit {
        var report = report
        if !options.json { report.reword(wording) }
        if report.pending != nil, report.nextStep == nil { report.nextStep = adviceForInput }
        var style = Style(options.color, environment: environment, isTerminal: streams.isTerminal)
        style.width = streams.columns()
        let json: Output.Format = streams.isTerminal ? .jsonForTerminal : .json
        let format = options.json ? json : .text(style)
        streams.out(Output.render(report, as: format, summary: summary), isClean: options.json)
        // A report that no one got is reported as that alone.
        if streams.outputError == nil, let line = ErrorLine(report) { streams.write(line, isShown: streams.isTerminal) }
        return Exit(report)
    }
}
