import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPTransport
package import Tester

/// What a user asks of a conformance check.
package struct CheckRequest: Sendable {
    package var options = ConformanceOptions()
    package var baseline = Baseline()
    /// Whether the report lists the checks that found nothing, too.
    package var listsAll = false

    package init() {}
}

extension TesterSession {
    /// Checks whether the target of the latest connection follows the rules of the revisions that it speaks.
    ///
    /// The checks use connections of their own.
    package func check(_ request: CheckRequest) async -> Report {
        guard let connection = connections.last else {
            return Report(
                Failure(.transport, .notConnected, "Not connected to any MCP server.", nextStep: "Connect first.")
            )
        }
        let server = ServerUnderTest(
            connection.request.target,
            kind: connection.client.link.transport.kind,
            clock: clock,
            makeTransport: settings.makeTransport
        )
        var result: ConformanceResult
        do {
            result = try await ConformanceRun(server, options: request.options).run()
        } catch {
            let message = (error as? TransportFailure)?.message ?? "\(error)"
            return Report(
                Failure(
                    .transport,
                    .connectionFailed,
                    "A connection for the checks could not be opened: \(message).",
                    nextStep: "Check that the server accepts several connections, one after the other."
                )
            )
        }
        let stale = request.baseline.apply(to: &result)
        return ConformanceReport(result, stale: stale, listsAll: request.listsAll, kind: server.kind).report
    }
}
