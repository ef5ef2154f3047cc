public import CoreMetrics
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport

/// What the tester measures about itself and the servers under test.
///
/// No label has a value without bound: names of tools come from the targets, so only a limited number is kept apart.
public final class TesterMetrics: Sendable {
    private let factory: any MetricsFactory
    private let names = BoundedNames(limit: 100)

    /// Creates metrics that go to a backend.
    public init(factory: any MetricsFactory) {
        self.factory = factory
    }

    /// What each metric means, by its label.
    public static let help = [
        Label.connections: "Connections made to servers under test.",
        Label.activeConnections: "Connections to servers under test that are open.",
        Label.failedConnections:
            "Attempts to connect to a server under test that failed. The era is the requested one.",
        Label.calls: "Calls of the tester's own tools, by outcome.",
        Label.callDuration: "Duration of calls of the tester's own tools, in seconds.",
        Label.targetCalls: "Calls of tools of servers under test, by outcome.",
        Label.targetCallDuration:
            "Time that servers under test took to respond to calls of tools, in seconds. Without calls that requested input.",
        Label.errors: "Failures reported by the tester's own tools, by type.",
    ]

    private enum Label {
        static let connections = "mcp_test_connections"
        static let activeConnections = "mcp_test_connections_active"
        static let failedConnections = "mcp_test_connections_failed"
        static let calls = "mcp_test_tool_calls"
        static let callDuration = "mcp_test_tool_call_duration_seconds"
        static let targetCalls = "mcp_test_target_tool_calls"
        static let targetCallDuration = "mcp_test_target_tool_call_duration_seconds"
        static let errors = "mcp_test_errors"
    }

    // MARK: - Calls of our own tools

    /// Counts each report on a call of a tool of the tester, then passes it on.
    public func recording(
        before next: (@Sendable (_ tool: String, _ report: Report, _ duration: Duration) -> Void)?
    ) -> @Sendable (_ tool: String, _ report: Report, _ duration: Duration) -> Void {
        { [self] tool, report, duration in
            record(report, of: tool, took: duration)
            next?(tool, report, duration)
        }
    }

    /// Counts a call of a tool of the tester.
    func record(_ report: Report, of tool: String, took duration: Duration) {
        count(Label.calls, [("tool", tool), ("outcome", report.outcome.label)])
        time(Label.callDuration, [("tool", tool)], duration)
        guard let failure = report.failure else { return }
        count(
            Label.errors,
            [("error_type", failure.errorType.rawValue), ("failure_class", failure.failureClass.rawValue)]
        )
    }

    // MARK: - Targets

    func opened(_ connection: Connection) {
        count(Label.connections, connection.labels)
        Meter(label: Label.activeConnections, dimensions: connection.labels, factory: factory).increment()
    }

    func closed(_ connection: Connection) {
        Meter(label: Label.activeConnections, dimensions: connection.labels, factory: factory).decrement()
    }

    func failed(toConnectTo target: Target, in era: EraChoice) {
        count(Label.failedConnections, [("transport", target.transportLabel), ("era", era.label)])
    }

    /// Counts a call of a tool of a target.
    ///
    /// - Parameters:
    ///   - redactor: Replaces secrets, which a target may use as the name of a tool.
    ///   - duration: How long the target took; nil if that is not known.
    func record(_ report: Report, ofTarget tool: String, _ redactor: Redactor, took duration: Duration?) {
        let isUnknown = report.failure?.errorType == .toolNotFound
        let name = isUnknown ? "(unknown)" : names.known(redactor.redact(tool)) ?? "(other)"
        count(Label.targetCalls, [("tool", name), ("outcome", report.outcome.label)])
        if let duration { time(Label.targetCallDuration, [("tool", name)], duration) }
    }

    // MARK: - Instruments

    /// A backend returns the same time series for the same label and dimensions, so that none has to be kept here.
    private func count(_ label: String, _ dimensions: [(String, String)]) {
        Counter(label: label, dimensions: dimensions, factory: factory).increment()
    }

    private func time(_ label: String, _ dimensions: [(String, String)], _ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        Timer(label: label, dimensions: dimensions, factory: factory)
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension Outcome {
    fileprivate var label: String { rawValue.lowercased() }
}

extension Connection {
    fileprivate var labels: [(String, String)] {
        [("transport", client.link.transport.kind.rawValue), ("era", client.revision.era.label)]
    }
}

extension Revision.Era {
    /// The era as `--protocol` takes it.
    fileprivate var label: String {
        switch self {
        case .legacy: "legacy"
        case .modern: "modern"
        }
    }
}

extension EraChoice {
    fileprivate var label: String {
        switch self {
        case .auto: "auto"
        case .legacy: "legacy"
        case .modern: "modern"
        case .pinned(let revision): revision.era.label
        }
    }
}

extension Target {
    /// The transport that was to be used; one over HTTP is chosen only by the server's responses.
    fileprivate var transportLabel: String {
        endpoint.map { $0.transport == .sse ? "sse" : "streamable-http" } ?? "stdio"
    }
}
