import ArgumentParser
import AsyncRuntime
import DemoServer
import JSONSchema
import Logging
import MCPAuthServer
import MCPStdio
import Tester
import TextUtilities

/// Serves the built-in demo server.
struct DemoCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Serve the built-in demo server, on standard input and output or over HTTP.",
        discussion: """
            Other commands start it for the target "demo". To see how a broken server is reported, add a fault:
              mcp-test-mcp call echo message=hi -- mcp-test-mcp demo --fault crash-on-call
            """
    )

    @Option(help: ArgumentHelp("Fault to simulate. Repeatable. See --list-faults.", valueName: "name"))
    var fault: [String] = []

    @Flag(help: "Offer the fixtures of the official conformance suite as well.")
    var fixtures = false

    @Flag(help: "List the faults and exit.")
    var listFaults = false

    @Flag(
        help: """
            Demand authorization, with a built-in authorization server on the same port that grants a token to everyone. For \
            tests and demonstrations only. HTTP transports only.
            """
    )
    var auth = false

    @Option(
        help: ArgumentHelp("How users agree with --auth (default: automatic).", valueName: "automatic|page"),
        transform: Self.consent
    )
    var authConsent: DemoIssuer.Consent?

    @Option(
        help: ArgumentHelp(
            "Fault in authorization to simulate, with --auth or --auth-issuer. Repeatable. See --list-auth-faults.",
            valueName: "name"
        )
    )
    var authFault: [String] = []

    @Flag(help: "List the faults in authorization and exit.")
    var listAuthFaults = false

    @OptionGroup(title: "Serving options")
    var serving: ServingOptions

    func stopsGracefully(in context: CommandContext) -> Bool {
        serving.isOverHTTP(Environment([:]))
    }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let faults = try fault.map { (name) throws(Failure) in try Self.fault(name) }
        let authFaults = Set(try authFault.map { (name) throws(Failure) in try Self.authFault(name) })
        if listFaults { return Self.list(Fault.allCases.map { ($0.rawValue, $0.help) }, in: context) }
        if listAuthFaults { return Self.list(AuthFault.allCases.map { ($0.rawValue, $0.help) }, in: context) }
        try checkAuthorization(authFaults)
        // The variables configure the tester: a demo server that it starts follows the command line alone.
        let settings = try ServeSettings(
            transport: serving.transport,
            host: serving.host,
            port: serving.port,
            environment: Environment([:])
        )
        var plan = try await ServingPlan(settings, serving, authFaults: authFaults, in: context).failing(by: faults)
        if auth {
            plan = try plan.demandingAuthorization(consent: authConsent ?? .automatic, authFaults, in: context)
        }
        if context.inputs.isTerminal, settings.transport == .stdio { context.streams.error(ServeBanner.demo) }
        let demo = DemoServer(
            faults: Set(faults),
            includesFixtures: fixtures,
            scheduler: context.clock,
            executor: PollLoop.shared
        )
        try await ServingRun(plan, in: context, logger: context.logger(.info)).serve("the demo server") { transport in
            try await demo.serve(on: transport)
        }
        return .passed
    }

    private static func list(_ faults: [(name: String, help: String)], in context: CommandContext) -> Exit {
        let width = faults.map(\.name.count).max() ?? 0
        for fault in faults {
            let space = String(repeating: " ", count: width + 2 - fault.name.count)
            context.streams.out("\(fault.name)\(space)\(fault.help)\n")
        }
        return .passed
    }

    /// Refuses options that have no effect without others.
    private func checkAuthorization(_ faults: Set<AuthFault>) throws(Failure) {
        let hasIssuer = serving.resource.authIssuer != nil
        if authConsent != nil, !auth {
            throw .usage("--auth-consent requires --auth.", nextStep: "Add --auth, or omit it.")
        }
        if !faults.isEmpty, !auth, !hasIssuer {
            throw .usage("--auth-fault requires --auth or --auth-issuer.", nextStep: "Add --auth.")
        }
        if let fault = faults.first(where: \.needsOwnIssuer), !auth {
            throw .usage(
                "The fault \(fault.rawValue) is one of the built-in authorization server.",
                nextStep: "Give --auth instead of --auth-issuer."
            )
        }
    }

    private static func consent(_ text: String) throws -> DemoIssuer.Consent {
        guard let consent = DemoIssuer.Consent(rawValue: text) else {
            throw ValidationError("\"\(text)\" is not a way to agree. Use automatic or page")
        }
        return consent
    }

    private static func authFault(_ name: String) throws(Failure) -> AuthFault {
        if let fault = AuthFault(rawValue: name) { return fault }
        let close = nearest(name, among: AuthFault.allCases.map(\.rawValue)).map { " Did you mean \($0)?" } ?? ""
        throw .usage(
            "Unknown fault in authorization \"\(name)\".\(close)",
            nextStep: "See \(Program.name) demo --list-auth-faults."
        )
    }

    private static func fault(_ name: String) throws(Failure) -> Fault {
        if let fault = Fault(rawValue: name) { return fault }
        let close = nearest(name, among: Fault.allCases.map(\.rawValue)).map { " Did you mean \($0)?" } ?? ""
        throw .usage("Unknown fault \"\(name)\".\(close)", nextStep: "See \(Program.name) demo --list-faults.")
    }
}
