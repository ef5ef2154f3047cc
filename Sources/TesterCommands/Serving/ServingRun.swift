import Logging
import MCPHTTPServer
import MCPStdio
import MCPTransport
import Tester

/// Serves according to a plan until all clients have disconnected or the task is cancelled.
struct ServingRun {
    private let plan: ServingPlan
    private let context: CommandContext
    private let logger: Logger

    init(_ plan: ServingPlan, in context: CommandContext, logger: Logger) {
        self.plan = plan
        self.context = context
        self.logger = logger
    }

    /// Serves.
    ///
    /// - Parameters:
    ///   - name: What is served, for errors, such as "the tester".
    ///   - body: Serves clients on the transport.
    /// - Throws: ``Failure``, for example if the port is in use.
    func serve(_ name: String, _ body: (any ServerTransport) async throws -> Void) async throws(Failure) {
        do {
            try await body(transport)
        } catch is CancellationError {
            logger.debug("Stopped")
        } catch {
            throw failure(name, error)
        }
    }

    private var transport: any ServerTransport {
        switch plan {
        case .stdio(let drain): StdioServerTransport(drain: drain)
        case .http(let options):
            context.makeServer(options) { [logger] url in logger.info("Listening", metadata: ["url": "\(url)"]) }
        }
    }

    private func failure(_ name: String, _ error: any Error) -> Failure {
        guard case .http(let options) = plan else {
            return Failure(.transport, .transportError, "Could not serve \(name): \(error)", nextStep: "")
        }
        let reason = (error as? ListenFailure)?.reason ?? "\(error)"
        return Failure(
            .transport,
            .transportError,
            "Could not serve \(name) on \(options.host), port \(options.port): \(reason)",
            nextStep: "Choose another --port (0 selects a free one) or --host, or stop the program that uses it."
        )
    }
}

extension CommandContext {
    /// A logger that writes JSON lines to standard error.
    func logger(_ level: Logger.Level) -> Logger {
        Logger(label: Program.name) { [streams, clock] label in
            JSONLogHandler(label: label, level: level, clock: clock, secrets: streams.secrets) {
                streams.error($0, isClean: true)
            }
        }
    }
}
