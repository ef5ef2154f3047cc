import Logging
import MCPHTTPServer
import PrometheusMetrics
import Tester

/// The page with the metrics of the tester, while it serves.
struct MetricsPage {
    /// What is measured.
    let metrics: TesterMetrics
    private let server: PageServer

    /// Serves the page at `/metrics`.
    ///
    /// - Parameter options: The options whose allowed hosts and origins apply.
    /// - Throws: ``Failure`` if the address is not available.
    static func start(
        at address: MetricsAddress,
        _ options: ServingOptions,
        in context: CommandContext,
        logger: Logger
    ) async throws(Failure) -> MetricsPage {
        let registry = PrometheusRegistry(help: TesterMetrics.help)
        var page = HTTPServerOptions(host: address.host, port: address.port, path: "/metrics")
        page.allowedHosts = options.allowedHost
        page.allowedOrigins = options.allowedOrigin
        page.advice = ("start it with --allowed-host", "start it with --allowed-origin")
        // One page for a few readers.
        (page.limits.bodyBytes, page.limits.connections) = (0, min(64, page.limits.connections))
        do {
            let server = try await PageServer.start(
                page,
                scheduler: context.clock,
                contentType: PrometheusRegistry.contentType
            ) {
                registry.page() + ProcessFigures.current.page()
            }
            logger.info("Serving metrics", metadata: ["metrics_url": "\(server.url)"])
            return MetricsPage(metrics: TesterMetrics(factory: registry), server: server)
        } catch {
            let reason = (error as? ListenFailure)?.reason ?? "\(error)"
            throw Failure(
                .transport,
                .transportError,
                "Could not serve metrics on \(address.host), port \(address.port): \(reason)",
                nextStep: "Choose another --metrics-port (0 selects a free one), or stop the program that uses it."
            )
        }
    }

    func stop() async {
        await server.stop()
    }
}
