import Logging
import MCPHTTPServer
import MCPStdio
import MCPTransport
import Tester

/// Serves by a plan until the hosts are gone or somebody stops us, and says where.
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
    ///   - what: What is served, for errors.
    ///   - body: Serves hosts on the transport.
    /// - Throws: ``Failure`` if it cannot, as when the port is taken.
    func serve(_ what: String, _ body: (any ServerTransport) async throws -> Void) async throws(Failure) {
        do {
            try await body(transport)
        } catch is CancellationError {
            logger.debug("Stopped")
        } catch {
            throw failure(what, error)
        }
    }

    private var transport: any ServerTransport {
        guard case .http(let options) = plan else { return StdioServerTransport() }
        return context.makeServer(options) { [logger] url in logger.info("Listening", metadata: ["url": "\(url)"]) }
    }

    private func failure(_ what: String, _ error: any Error) -> Failure {
        guard case .http(let options) = plan else {
            return Failure(.transport, .transportError, "\(what) cannot serve: \(error)", nextStep: "")
        }
        let reason = (error as? ListenFailure)?.reason ?? "\(error)"
        return Failure(
            .transport,
            .transportError,
            "\(what) cannot serve on \(options.host), port \(options.port): \(reason)",
            nextStep: "Choose another --port (0 takes a free one) or --host, or end the program that uses it."
        )
    }
}

extension CommandContext {
    /// Where messages about serving go: JSON lines on standard error.
    func logger(_ level: Logger.Level) -> Logger {
        Logger(label: Program.name) { [streams, clock] label in
            JSONLogHandler(label: label, level: level, clock: clock) { streams.error($0) }
        }
    }
}
