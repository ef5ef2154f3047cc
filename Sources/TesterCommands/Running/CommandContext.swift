import AsyncRuntime
import ChildProcesses
import JSONRPC
import MCPHTTPServer
import MCPStdio
import MCPTransport
import Tester

/// What a command finds around it, so that tests can give it something else.
struct CommandContext: Sendable {
    /// Where answers and errors go.
    var streams: Streams
    /// The variables and settings.
    var environment: Environment
    /// The time.
    var clock: any TesterClock
    /// Where this program lies, to be started again as the demo server.
    var executable: String
    /// What comes from files and from standard input.
    var inputs: Inputs
    /// What stands after `--` on the command line, if that is there: the command that starts the target.
    var serverCommand: [String]?
    /// Makes the way to a target.
    var makeTransport: @Sendable (Target) -> any ClientTransport
    /// Makes what serves hosts over HTTP, and tells the URL once it listens.
    var makeServer: @Sendable (HTTPServerOptions, @escaping @Sendable (_ url: String) -> Void) -> any ServerTransport
    /// Ends every process that was started, at once; returns when none is left.
    var endProcesses: @Sendable () async -> Void

    /// The real surroundings.
    static func system(_ streams: Streams, serverCommand: [String]?) -> CommandContext {
        let clock = SystemTesterClock(PollLoop.shared)
        return CommandContext(
            streams: streams,
            environment: .system(),
            clock: clock,
            executable: OwnExecutable.path,
            inputs: .system,
            serverCommand: serverCommand,
            makeTransport: { $0.transport(scheduler: clock, grace: shortGrace) },
            makeServer: { options, onListening in
                HTTPServerTransport(options, scheduler: clock) { onListening($0.url) }
            },
            endProcesses: { await ChildProcess.shutdownAll(grace: shortGrace) }
        )
    }

    /// How long targets may take to end when somebody at a terminal waits for it.
    static let shortGrace = ChildProcess.Grace(endOfInput: .milliseconds(500), terminate: .milliseconds(500))

    /// Shows an answer and tells how it counts.
    func show(_ answer: Report, as options: OutputOptions) -> Exit {
        let style = Style(options.color, environment: environment, isTerminal: streams.isTerminal)
        let json: Output.Format = streams.isTerminal ? .jsonForTerminal : .json
        streams.out(Output.render(answer, as: options.json ? json : .text(style)))
        let exit = Exit(answer)
        if let line = ErrorLine(answer) { streams.error(line.line) }
        return exit
    }
}
