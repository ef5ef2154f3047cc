import ArgumentParser
import Logging
import MCP
import MCPClient
import MCPServer
import MCPStdio
import Tester
import TesterServer

/// Serves the tester's tools to an assistant.
struct ServeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the tester's tools to an AI assistant (the default command).",
        discussion: """
            Each option can also be set by a variable, in the environment or in a file .env in the working directory: \
            MCP_TEST_TRANSPORT, MCP_TEST_HOST, MCP_TEST_PORT, MCP_TEST_LOG_LEVEL (DEBUG, INFO, WARNING, ERROR, CRITICAL) and \
            MCP_TEST_CONNECT_TIMEOUT (seconds). Options come before the environment, the environment before the file.
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How to serve (default: stdio).", valueName: "stdio|streamable-http|sse")
    )
    var transport: String?

    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp(
            "Address to serve on, for the transports over HTTP (default: 127.0.0.1).",
            valueName: "address"
        )
    )
    var host: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Port to serve on, for the transports over HTTP (default: 8000).", valueName: "number")
    )
    var port: Int?

    func validate() throws {
        if let port, !ServeSettings.isPort(port) { throw ValidationError("\(port) is no port: give 1 to 65535") }
    }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let settings = try ServeSettings(
            transport: transport,
            host: host,
            port: port,
            environment: context.environment
        )
        guard settings.transport == .stdio else {
            throw .usage(
                "The transport \(settings.transport.rawValue) is not in version \(Program.version), which serves stdio.",
                nextStep: "Leave --transport and MCP_TEST_TRANSPORT out, and let the host start this program."
            )
        }
        let streams = context.streams
        let logger = Logger(label: Program.name) { label in
            JSONLogHandler(label: label, level: settings.logLevel, clock: context.clock) { streams.error($0) }
        }
        if context.inputs.isTerminal { streams.error(Greeting.tester) }
        for warning in settings.warnings { logger.warning("\(warning)") }
        logger.info(
            "Serving",
            metadata: ["version": "\(Program.version)", "transport": "\(settings.transport.rawValue)"]
        )
        do {
            try await serve(in: context, logger)
        } catch {
            throw Failure(.transport, .transportError, "The tester cannot serve: \(error)", nextStep: "")
        }
        await ChildProcess.endAll()
        logger.debug("The host is gone")
        return .passed
    }

    private func serve(in context: CommandContext, _ logger: Logger) async throws {
        var limits = ConnectionLimits()
        limits.connect = context.environment.connectTimeout ?? limits.connect
        let settings = TesterSettings(
            info: Implementation(name: Program.name, version: Program.version),
            limits: limits
        ) { target in
            StdioClientTransport(.init(target))
        }
        // What a target said and what it was asked may be secret: only how it came out is logged.
        let server = try TesterServer.make(settings: settings, clock: context.clock) { tool, answer in
            var fields: Logger.Metadata = ["tool": "\(tool)", "outcome": "\(answer.outcome.rawValue)"]
            if let failure = answer.failure { fields["failure_class"] = "\(failure.failureClass.rawValue)" }
            logger.debug("Answered", metadata: fields)
        }
        try await StdioServerTransport()
            .serve(server.conversations(scheduler: context.clock, executor: EventLoop.shared))
    }
}
