import ArgumentParser
import AsyncRuntime
import Logging
import MCP
import MCPClient
import MCPServer
import MCPStdio
import MCPTransport
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
            MCP_TEST_CONNECT_TIMEOUT (seconds). Options come before the environment, the environment before the file. \
            MCP_TEST_SERVER_TOKEN is the token that hosts must have over HTTP; MCP_TEST_AUTH_TOKEN is the one for servers \
            under test that are given no other. LLM_URL (such as https://api.example.com/v1), LLM_MODEL_NAME and LLM_API_KEY \
            name the model that answers servers where the policy for sampling is llm.

            Over HTTP only this machine is served unless --host says otherwise; then a token is demanded. Example:
              mcp-test-mcp serve --transport streamable-http --port 8000
            """
    )

    @OptionGroup(title: "Serving options")
    var serving: ServingOptions

    @Option(
        help: ArgumentHelp(
            "End connections to servers that nobody uses after so long, where requests have no session (default: 1800).",
            valueName: "seconds"
        ),
        transform: Seconds.positive
    )
    var connectionIdle: Duration?

    @Option(
        help: ArgumentHelp(
            "Have at most so many connections to servers under test in each session (default: 64).",
            valueName: "count"
        ),
        transform: Count.positive
    )
    var maxTargets: Int?

    func stopsGracefully(in context: CommandContext) -> Bool {
        serving.isOverHTTP(context.environment)
    }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let settings = try ServeSettings(
            transport: serving.transport,
            host: serving.host,
            port: serving.port,
            environment: context.environment
        )
        let plan = try ServingPlan(settings, serving, in: context)
        if settings.transport == .stdio, connectionIdle != nil {
            throw ServingOptions.onlyOverHTTP("--connection-idle")
        }
        let logger = context.logger(settings.logLevel)
        if context.inputs.isTerminal, settings.transport == .stdio { context.streams.error(ServeBanner.tester) }
        for warning in settings.warnings { logger.warning("\(warning)") }
        if settings.transport == .stdio, serving.host != nil || serving.port != nil {
            logger.warning("--host and --port have no meaning over stdio and are not used")
        }
        logger.info(
            "Serving",
            metadata: ["version": "\(Program.version)", "transport": "\(settings.transport.rawValue)"]
        )
        let sessions = TesterSessions(
            settings: testerSettings(in: context),
            clock: context.clock,
            idleLimit: connectionIdle ?? TesterSessions.defaultIdleTimeout
        )
        do throws(Failure) {
            try await ServingRun(plan, in: context, logger: logger).serve("The tester") { transport in
                let server = try server(sessions, over: settings.transport, logger)
                try await transport.serve(server.conversations(scheduler: context.clock, executor: PollLoop.shared))
            }
        } catch {
            await end(sessions, in: context)
            throw error
        }
        await end(sessions, in: context)
        logger.debug("The hosts are gone")
        return .passed
    }

    private func end(_ sessions: TesterSessions, in context: CommandContext) async {
        // First, because its grace is shorter than that of a connection: the host waits for us to exit.
        await context.endProcesses()
        await sessions.close()
    }

    private func testerSettings(in context: CommandContext) -> TesterSettings {
        var limits = ConnectionLimits()
        limits.connect = context.environment.connectTimeout ?? limits.connect
        var settings = TesterSettings(
            info: Program.identity,
            limits: limits,
            maxConnections: maxTargets ?? TesterSettings.defaultMaxConnections,
            defaultToken: context.environment.authToken,
            model: context.environment.model
        ) { [clock = context.clock] target in
            target.transport(scheduler: clock)
        }
        settings.executor = PollLoop.shared
        return settings
    }

    /// What a target said and what it was asked may be secret: only how it came out is logged.
    private func server(
        _ sessions: TesterSessions,
        over transport: ServeSettings.Transport,
        _ logger: Logger
    ) throws -> Server {
        try TesterServer.make(sessions, info: Program.info, servedOver: transport.rawValue) { tool, answer in
            var fields: Logger.Metadata = ["tool": "\(tool)", "outcome": "\(answer.outcome.rawValue)"]
            if let failure = answer.failure { fields["failure_class"] = "\(failure.failureClass.rawValue)" }
            logger.debug("Answered", metadata: fields)
        }
    }
}
