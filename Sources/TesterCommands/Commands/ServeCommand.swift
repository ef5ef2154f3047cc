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
            Variables: MCP_TEST_TRANSPORT, MCP_TEST_HOST and MCP_TEST_PORT set the options of these names. \
            MCP_TEST_LOG_LEVEL is DEBUG, INFO, WARNING, ERROR or CRITICAL. MCP_TEST_DEBUG=1 logs each message to and from \
            servers under test. MCP_TEST_CONNECT_TIMEOUT is in seconds. \
            MCP_TEST_VERBOSE is true (results with everything) or false (the result alone); by default a result has what \
            fits 1,500 tokens. MCP_TEST_STRUCTURED is whole or bounded; by default structured content beyond 100 kB is cut. \
            MCP_TEST_TOOLS sets --tools. MCP_TEST_METRICS_PORT sets --metrics-port. \
            MCP_TEST_AUTH_STORE says where the tokens of auth login are: a file, or keyring. \
            MCP_TEST_SERVER_TOKEN is the token that HTTP clients must send. MCP_TEST_AUTH_TOKEN is sent to servers under \
            test that are given no other token. LLM_URL (such as https://api.example.com/v1), LLM_MODEL_NAME and \
            LLM_API_KEY name the model for execute_prompt_with_llm and for sampling requests under the policy llm.

            The command line wins over the environment, and the environment over a settings file. From .env in the working \
            directory, only the log level, the timeout, what results show and the LLM variables are accepted, because someone \
            else may have written that file. The LLM variables are ignored if the environment sets any of them. To accept all \
            of it, pass --env-file .env.

            HTTP transports listen on the loopback address. If --host names another one, a token is required. Example:
              mcp-test-mcp serve --transport streamable-http --port 8000
            """
    )

    @OptionGroup(title: "Serving options")
    var serving: ServingOptions

    @Option(
        help: ArgumentHelp(
            "Idle timeout of a connection to a server under test, for clients without sessions, in seconds (default: 1800).",
            valueName: "seconds"
        ),
        transform: Seconds.positive
    )
    var connectionIdle: Duration?

    @Option(
        help: ArgumentHelp(
            """
            Tools to offer: core (those of the first mcp-test-mcp), default, or all (default: default). With suites, also \
            check_server, run_suite and save_suite; with auth, diagnose_auth and audit_auth. Example: all,suites,auth.
            """,
            valueName: "set,…"
        ),
        transform: Self.toolSet
    )
    var tools: ToolSet?

    private static func toolSet(_ text: String) throws -> ToolSet {
        guard let tools = ToolSet(rawValue: text) else {
            throw ValidationError(
                "Unknown set of tools \"\(text)\". Use core, default or all, and add suites or auth: default,suites"
            )
        }
        return tools
    }

    @OptionGroup(title: "Metrics")
    var metrics: MetricsOptions

    @Option(
        help: ArgumentHelp(
            "Maximum number of connections to servers under test per session (default: 64).",
            valueName: "count"
        ),
        transform: Count.positive
    )
    var maxTargets: Int?

    @OptionGroup
    var settings: SettingsOptions

    var settingsSource: Environment.Source { settings.source }

    func stopsGracefully(in context: CommandContext) -> Bool {
        serving.isOverHTTP(context.environment)
    }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let settings = try ServeSettings(
            transport: serving.transport,
            host: serving.host,
            port: serving.port,
            tools: tools,
            metrics: metrics,
            environment: context.environment
        )
        let plan = try await ServingPlan(settings, serving, in: context)
        if settings.transport == .stdio, connectionIdle != nil {
            throw ServingOptions.onlyOverHTTP("--connection-idle")
        }
        let logger = context.logger(settings.logLevel)
        if context.inputs.isTerminal, settings.transport == .stdio { context.streams.error(ServeBanner.tester) }
        for warning in settings.warnings { logger.warning("\(warning)") }
        if settings.transport == .stdio, serving.host != nil || serving.port != nil {
            logger.warning("Ignored --host and --port: they apply to the HTTP transports only")
        }
        logger.info(
            "Serving",
            metadata: ["version": "\(Program.version)", "transport": "\(settings.transport.rawValue)"]
        )
        var page: MetricsPage?
        if let address = settings.metrics {
            page = try await MetricsPage.start(at: address, serving, in: context, logger: logger)
        }
        let sessions = TesterSessions(
            settings: testerSettings(in: context, settings.view, page?.metrics),
            clock: context.clock,
            idleLimit: connectionIdle ?? TesterSessions.defaultIdleTimeout
        )
        do throws(Failure) {
            try await ServingRun(plan, in: context, logger: logger).serve("the tester") { transport in
                let server = try server(sessions, settings, logger)
                try await transport.serve(server.conversations(scheduler: context.clock, executor: PollLoop.shared))
            }
        } catch {
            await end(sessions, page, in: context)
            throw error
        }
        await end(sessions, page, in: context)
        logger.debug("Stopped: all clients have disconnected")
        return .passed
    }

    private func end(_ sessions: TesterSessions, _ page: MetricsPage?, in context: CommandContext) async {
        // First, because its grace is shorter than that of a connection: the host waits for us to exit.
        await context.endProcesses()
        await sessions.close()
        await page?.stop()
    }

    private func testerSettings(
        in context: CommandContext,
        _ view: ReportView,
        _ metrics: TesterMetrics?
    ) -> TesterSettings {
        var limits = ConnectionLimits()
        limits.connect = context.environment.connectTimeout ?? limits.connect
        var settings = TesterSettings(
            info: Program.identity,
            limits: limits,
            maxConnections: maxTargets ?? TesterSettings.defaultMaxConnections,
            view: view,
            defaultToken: context.environment.authToken,
            model: context.environment.model,
            makeTransport: FrameLog.wrapping({ [clock = context.clock] in $0.transport(scheduler: clock) }, in: context)
        )
        settings.executor = PollLoop.shared
        settings.looksAtUsualPlaces = true
        settings.surroundings = context.surroundings
        settings.secrets = context.streams.secrets
        settings.metrics = metrics
        settings.authorization = TargetAuthorization(store: AuthorizationOptions.store(in: context))
        return settings
    }

    /// Creates the server.
    private func server(
        _ sessions: TesterSessions,
        _ settings: ServeSettings,
        _ logger: Logger
    ) throws -> Server {
        try TesterServer.make(
            sessions,
            info: Program.info,
            tools: settings.tools,
            servedOver: settings.transport.rawValue,
            onReport: logger.logLevel <= .debug ? Self.logging(to: logger) : nil
        )
    }

    /// Logs each call of a tool.
    ///
    /// Arguments and results may be secret, so the log has only names, times and outcomes.
    private static func logging(to logger: Logger) -> TesterServer.OnReport {
        { tool, report, duration in
            var fields: Logger.Metadata = ["tool_name": "\(tool)", "outcome": "\(report.outcome.rawValue)"]
            fields["duration_ms"] = .stringConvertible((duration.milliseconds * 100).rounded() / 100)
            if let failure = report.failure { fields["failure_class"] = "\(failure.failureClass.rawValue)" }
            logger.debug("Tool call finished", metadata: fields)
        }
    }
}
