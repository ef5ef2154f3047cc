import ArgumentParser
import MCP
import MCPClient
import Tester

/// What every command that talks to a target can be told.
struct TargetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Set a variable for the server; may be repeated. Values are never shown.", valueName: "K=V")
    )
    var env: [String] = []

    @Option(help: ArgumentHelp("Start the server in this directory.", valueName: "dir"))
    var cwd: String?

    @Option(
        name: .customLong("protocol"),
        help: ArgumentHelp(
            "Protocol to speak: auto (finds out), legacy (initialize), modern (stateless) or one revision by its date.",
            valueName: "auto|legacy|modern|revision"
        ),
        transform: TargetOptions.era
    )
    var era: EraChoice = .auto

    @Option(
        help: ArgumentHelp("Wait so long for the connection (default: 30).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var connectTimeout: Duration?

    @Option(
        name: .customLong("timeout"),
        help: ArgumentHelp("Wait so long for one answer (default: 60 in silence, 600 in all).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var requestTimeout: Duration?

    @Option(
        help: ArgumentHelp("Wait so long without an answer or a sign of progress.", valueName: "seconds"),
        transform: Seconds.positive
    )
    var idleTimeout: Duration?

    @Option(
        help: ArgumentHelp("Wait so long for a list of many pages (default: 900).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var totalTimeout: Duration?

    @Option(
        help: ArgumentHelp(
            "Give a server so long to answer the modern probe before the handshake follows (default: 0.3).",
            valueName: "seconds"
        ),
        transform: Seconds.zeroOrMore
    )
    var probeGrace: Duration?

    @OptionGroup(title: "Server options over HTTP")
    var http: HTTPTargetOptions

    private static func era(_ text: String) throws -> EraChoice {
        guard let era = EraChoice(text) else {
            throw ValidationError("\"\(text)\" is none of auto, legacy, modern, \(EraChoice.revisionNames)")
        }
        return era
    }

    /// How long to wait for what, by the command line, the environment and the defaults, in this order.
    func limits(_ environment: Environment) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connect = connectTimeout ?? environment.connectTimeout ?? limits.connect
        limits.request = requestTimeout ?? limits.request
        // Who says how long an answer may take means it, also where there is no sign of progress.
        limits.idle = idleTimeout ?? requestTimeout ?? limits.idle
        limits.total = totalTimeout ?? limits.total
        limits.probeGrace = probeGrace ?? limits.probeGrace
        return limits
    }

    /// The settings of the engine for one command.
    ///
    /// - Parameter showsWire: Whether every frame is shown on standard error as it passes.
    func settings(in context: CommandContext, showsWire: Bool) -> TesterSettings {
        let makeTransport = context.makeTransport
        let tap = showsWire ? WireTap.Printer(context.streams) : nil
        return TesterSettings(
            info: Program.identity,
            limits: limits(context.environment),
            era: era,
            defaultToken: context.environment.authToken,
            model: context.environment.model
        ) { target in
            let transport = makeTransport(target)
            return tap.map { WireTap(transport, printer: $0) } ?? transport
        }
    }
}
