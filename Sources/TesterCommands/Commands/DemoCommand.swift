import ArgumentParser
import AsyncRuntime
import DemoServer
import JSONSchema
import Logging
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

    @OptionGroup(title: "Serving options")
    var serving: ServingOptions

    func stopsGracefully(in context: CommandContext) -> Bool {
        serving.isOverHTTP(Environment([:]))
    }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let faults = try fault.map { (name) throws(Failure) in try Self.fault(name) }
        guard !listFaults else {
            let width = Fault.allCases.map(\.rawValue.count).max() ?? 0
            for fault in Fault.allCases {
                let space = String(repeating: " ", count: width + 2 - fault.rawValue.count)
                context.streams.out("\(fault.rawValue)\(space)\(fault.help)\n")
            }
            return .passed
        }
        // The variables configure the tester: a demo server that it starts follows the command line alone.
        let settings = try ServeSettings(
            transport: serving.transport,
            host: serving.host,
            port: serving.port,
            environment: Environment([:])
        )
        let plan = try await ServingPlan(settings, serving, in: context).failing(by: faults)
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

    private static func fault(_ name: String) throws(Failure) -> Fault {
        if let fault = Fault(rawValue: name) { return fault }
        let close = nearest(name, among: Fault.allCases.map(\.rawValue)).map { " Did you mean \($0)?" } ?? ""
        throw .usage("Unknown fault \"\(name)\".\(close)", nextStep: "See \(Program.name) demo --list-faults.")
    }
}
