import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPTransport
package import Suites
package import Tester
import TextUtilities

/// What a user asks of a conformance check.
package struct CheckRequest: Sendable {
    /// The connection whose server is checked; nil for the current one.
    package var connection: String?
    package var options = ConformanceOptions()
    package var baseline = Baseline()
    /// Receives the baseline that accepts what the run has found, and lets the report use it.
    package var onBaseline: (@Sendable (Baseline) -> Void)?
    /// Whether the report lists the checks that found nothing, too.
    package var listsAll = false
    /// Whether the messages that show a violation come after all violations, because its reader may see only the beginning.
    package var putsEvidenceLast = false
    /// Receives the results as the events of a run, for reports.
    package var onEvent: (@Sendable (RunEvent) -> Void)?

    package init() {}
}

extension TesterSession {
    /// Checks whether the target of a connection follows the rules of the revisions that it speaks.
    ///
    /// The checks use connections of their own.
    package func check(_ request: CheckRequest) async -> Report {
        guard let connection = connection(named: request.connection) else {
            return Report(notConnected(request.connection))
        }
        let target = connection.request.target
        let server = ServerUnderTest(
            target,
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
        var request = request
        if let onBaseline = request.onBaseline, !result.revisions.isEmpty {
            request.baseline = request.baseline.updated(for: result, on: String(Timestamp.now.prefix(10)), redactor)
            onBaseline(request.baseline)
        }
        let stale = request.baseline.apply(to: &result)
        if let onEvent = request.onEvent {
            let repeated = connection.request
            let subject = ConformanceResult.Subject(place: target.place, name: target.name) { check, revision in
                repeated.commandLine(["check"], options: ["--only", check.id, "--revision", revision])
            }
            for event in result.events(subject, stale: stale) { onEvent(event) }
        }
        return ConformanceReport(result, stale: stale, request, kind: server.kind, spoken: connection.client.revision)
            .report
    }

    /// Checks a target that is connected for this alone.
    package func check(_ request: CheckRequest, at target: ConnectRequest) async -> Report {
        let other = sibling()
        let connected = await other.connect(target)
        guard connected.failure == nil else {
            await other.close()
            return connected
        }
        var request = request
        request.connection = nil
        let report = await other.check(request)
        await other.close()
        return report
    }
}
