import ArgumentParser
import Tester

/// The options for serving metrics.
struct MetricsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Port to serve metrics on, for Prometheus (default: MCP_TEST_METRICS_PORT; if omitted, none are kept; 0 selects "
                + "a free port).",
            valueName: "number"
        )
    )
    var metricsPort: Int?

    @Option(
        help: ArgumentHelp("Address to serve metrics on, without a token (default: 127.0.0.1).", valueName: "address")
    )
    var metricsHost: String?

    func validate() throws {
        if let metricsPort, metricsPort != 0, !ServeSettings.isPort(metricsPort) {
            throw ValidationError("\(metricsPort) is not a port: give 1 to 65535, or 0 for a free one")
        }
    }

    /// Where metrics are served; nil if they are not.
    ///
    /// - Parameter port: The port if no option names one.
    func address(default port: Int?) throws(Failure) -> MetricsAddress? {
        if let port = metricsPort ?? port { return MetricsAddress(host: metricsHost ?? "127.0.0.1", port: port) }
        guard metricsHost == nil else {
            throw .usage(
                "--metrics-host needs a port.",
                nextStep: "Add --metrics-port, or set MCP_TEST_METRICS_PORT in the environment."
            )
        }
        return nil
    }
}

/// An address to serve metrics on.
struct MetricsAddress: Sendable, Equatable {
    var host: String
    var port: Int
}
