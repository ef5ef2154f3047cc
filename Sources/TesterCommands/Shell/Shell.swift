import MCP
import MCPClient
import MCPTransport
import Terminal
import Tester

/// A session in which commands run one after the other over one connection.
struct Shell: Sendable {
    let session: TesterSession
    let request: TesterSession.ConnectRequest
    let output: OutputOptions
    let showsSecrets: Bool
    let news: ShellNews
    /// The style of what is written to standard error.
    let style: Style
    let context: CommandContext

    /// Connects, and runs commands until the end of input.
    func run() async -> Exit {
        let streams = context.streams
        let console =
            context.inputs.isTerminal && streams.isErrorTerminal && !output.json ? TerminalConsole(streams) : nil
        let exit: Exit
        if let console {
            exit = await console.run { await run(at: console) }
        } else {
            exit = await run(at: nil)
        }
        await session.close()
        return exit
    }

    private func run(at console: TerminalConsole?) async -> Exit {
        let connected =
            if let console {
                await console.interruptible { await context.connecting { await session.connect(request) } }
            } else {
                await session.connect(request)
            }
        guard connected.failure == nil, let connection else { return show(connected, asJSON: false) }
        if let console {
            greet(connection, findings: connected.findings)
            return await prompt(at: console)
        }
        return await runScript(connected)
    }

    /// The connection, which a restart replaces.
    private var connection: Connection? { session.connections.last }

    // MARK: - At a terminal

    private func prompt(at console: TerminalConsole) async -> Exit {
        let history = ShellHistory(context.environment)
        var editor = LineEditor(history: LineHistory(history.load(), limit: ShellHistory.limit))
        let runner = ShellRunner(
            shell: self,
            context: sessionContext,
            prompter: TerminalPrompter(
                streams: context.streams,
                progress: context.progress,
                allowsLater: true,
                ask: { await console.answer(prompt: $0) }
            )
        )
        let completion = ShellCompletion(session: session)
        await withDiscardingTaskGroup { group in
            var watched: Connection?
            loop: while !Task.isCancelled {
                news.reported(on: connection)
                if let connection, connection !== watched {
                    watched = connection
                    group.addTask {
                        _ = await connection.client.link.ended()
                        news.showEnd()
                    }
                }
                news.begin()
                let entry = await console.edit(
                    &editor,
                    prompt: promptText,
                    styled: { [style] in style.applied(.heading, to: $0) },
                    complete: { await completion.completion(of: $0) }
                )
                news.end()
                switch entry {
                case .ended: break loop
                case .interrupted: continue
                case .line(let line):
                    if editor.history.add(line) { history.add(line, redactor: session.redactor) }
                    let result = await console.interruptible { await runner.run(line) }
                    if case .quit = result { break loop }
                    // The report ends here.
                    if case .done = result { context.streams.error("\n") }
                }
            }
            // Its connections end what waits for them.
            await session.close()
        }
        return .passed
    }

    private func greet(_ connection: Connection, findings: [Finding]) {
        let client = connection.client
        let info = client.serverInfo
        let name = [info?.name, info?.version].compactMap(\.self).joined(separator: " ")
        let era = "\(client.revision.wireName), \(client.link.transport.kind.rawValue)"
        context.streams.error(
            style.applied(.good, to: "Connected")
                + SafeText.escapeLine(" to \(name.isEmpty ? connection.target.name : name) (\(era)).") + "\n"
        )
        for finding in findings { context.streams.error("Finding: \(SafeText.escapeLine(finding.message))\n") }
        context.streams.error("help shows the commands. Tab completes, Ctrl-R searches, Ctrl-D ends.\n\n")
    }

    private var promptText: String {
        let name = SafeText.escapeLine(Self.shortName(of: connection?.target.name ?? request.target.name))
        return connection?.client.link.end == nil ? "\(name)> " : "\(name) (ended)> "
    }

    /// The name of a target as a prompt has it: a script without its folders, a program, or a host.
    static func shortName(of name: String) -> String {
        let words = name.split(separator: " ")
        let script = words.first { word in scriptEndings.contains { word.hasSuffix($0) } }
        guard let word = script ?? words.first, script != nil || word.contains("/") else {
            return String(name.prefix(30))
        }
        var parts = word.split(separator: "/")
        if word.contains("://"), parts.count > 1 { parts = [parts[1]] }
        return String((parts.last ?? word).prefix(30))
    }

    private static let scriptEndings = [".py", ".js", ".mjs", ".ts"]

    // MARK: - Without a terminal

    private func runScript(_ connected: Report) async -> Exit {
        let runner = ShellRunner(shell: self, context: sessionContext, prompter: nil)
        for finding in connected.findings {
            context.streams.error("Finding: \(SafeText.escapeLine(finding.message))\n")
        }
        var first: Exit?
        // An input request that a later line answers did not fail.
        var isWaiting = false
        loop: while let line = await context.inputs.line(), !Task.isCancelled {
            switch await runner.run(line) {
            case .quit: break loop
            case .done(.needsInput): isWaiting = true
            case .done(.passed) where line.hasPrefix("respond"): isWaiting = false
            case .done(let exit): if first == nil, exit != .passed { first = exit }
            case .nothing: continue
            }
        }
        return first ?? (isWaiting ? .needsInput : .passed)
    }

    /// The surroundings of the commands of the session.
    private var sessionContext: CommandContext {
        var context = context
        // As for a command after `--`, no word of a line is the target.
        context.serverCommand = []
        context.keepsConnection = true
        return context
    }

    /// Shows a report.
    func show(_ report: Report, asJSON: Bool) -> Exit {
        var report = report
        session.noteRecurrence(in: &report)
        if !showsSecrets { report.redactor = session.redactor }
        var options = output
        options.json = options.json || asJSON
        return sessionContext.show(report, as: options)
    }
}
