import ArgumentParser
import MCP
import MCPClient
import Tester

/// The options of every command that connects to a target.
struct TargetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Environment variable for the server. Repeatable. Values are never shown.", valueName: "K=V")
    )
    var env: [String] = []

    @Option(help: ArgumentHelp("Working directory for the server.", valueName: "dir"))
    var cwd: String?

    @Option(help: .config)
    var config: String?

    @Option(
        name: .customLong("protocol"),
        help: ArgumentHelp(
            """
            Protocol to use: auto (detect), legacy (handshake with initialize), modern (stateless) or one revision, such \
            as 2025-11-25 (default: auto).
            """,
            valueName: "auto|legacy|modern|revision"
        ),
        transform: TargetOptions.era
    )
    var era: EraChoice = .auto

    @Option(
        help: ArgumentHelp("Connect timeout in seconds (default: 30).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var connectTimeout: Duration?

    @Option(
        name: .customLong("timeout"),
        help: ArgumentHelp(
            "Response timeout in seconds (default: 60 without progress, 600 total).",
            valueName: "seconds"
        ),
        transform: Seconds.positive
    )
    var requestTimeout: Duration?

    @Option(
        help: ArgumentHelp(
            "Idle timeout in seconds: the longest time without a response or progress (default: --timeout, or 60).",
            valueName: "seconds"
        ),
        transform: Seconds.positive
    )
    var idleTimeout: Duration?

    @Option(
        help: ArgumentHelp("Timeout for all pages of a list, in seconds (default: 900).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var totalTimeout: Duration?

    @Option(
        help: ArgumentHelp(
            "Head start of server/discover before initialize is sent as well, in seconds (default: 0.3).",
            valueName: "seconds"
        ),
        transform: Seconds.zeroOrMore
    )
    var probeGrace: Duration?

    @OptionGroup
    var settings: SettingsOptions

    @OptionGroup(title: "HTTP options")
    var http: HTTPTargetOptions

    // Not within the HTTP options: in a debug build, each level of groups makes the start four times as long.
    @OptionGroup(title: "Authorization options")
    var authorization: AuthorizationOptions

    static func era(_ text: String) throws -> EraChoice {
        guard let era = EraChoice(text) else {
            throw ValidationError(
                "Unknown protocol \"\(text)\". Use auto, legacy, modern or a revision: \(EraChoice.revisionNames)"
            )
        }
        return era
    }

    /// The limits: from the command line, then the environment, then the defaults.
    func limits(_ environment: Environment) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connect = connectTimeout ?? environment.connectTimeout ?? limits.connect
        limits.request = requestTimeout ?? limits.request
        // A response timeout that the user sets also holds without progress.
        limits.idle = idleTimeout ?? requestTimeout ?? limits.idle
        limits.total = totalTimeout ?? limits.total
        limits.probeGrace = probeGrace ?? limits.probeGrace
        return limits
    }

    /// The settings of the engine for one command.
    ///
    /// - Parameter showsWire: Whether every frame is printed to standard error as it passes.
    func settings(in context: CommandContext, showsWire: Bool) -> TesterSettings {
        let makeTransport = context.loggingTransport
        let printer = showsWire ? WirePrinter(context.streams) : nil
        var settings = TesterSettings(
            info: Program.identity,
            limits: limits(context.environment),
            era: era,
            defaultToken: context.environment.authToken,
            model: context.environment.model
        ) { target in
            let transport = makeTransport(target)
            return printer.map { WireTap(transport, printer: $0) } ?? transport
        }
        settings.looksAtUsualPlaces = true
        settings.surroundings = context.surroundings
        settings.secrets = context.streams.secrets
        return settings
    }
}
