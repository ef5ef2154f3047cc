import AsyncRuntime
import JSON
import MCPClient
import MCPTransport

extension Connection {
    /// The report if the server has ended before, so that nothing can be sent; `nil` if it has not.
    func reportIfEnded(emptyPayload: (key: String, value: JSONValue)) -> Report? {
        guard let end = client.link.end else { return nil }
        return Operation(self).report(after: end, emptyPayload: emptyPayload)
    }
}

extension Operation {
    /// The report on an operation for which the server has ended too early.
    fileprivate func report(after end: TransportEnd, emptyPayload: (key: String, value: JSONValue)) -> Report {
        let when = client.link.endedAt.map { " \($0.duration(to: began).seconds) ago" } ?? ""
        var failure = Failure(
            .transport,
            .notConnected,
            connection.failedRestart.map { "The server of \"\(connection.name)\" was stopped \($0)" }
                ?? "Connection \"\(connection.name)\" ended\(when): \(end.reason). Nothing was sent.",
            nextStep: end.cause == .crashed && connection.failedRestart == nil
                ? Diagnosis.standardErrorAdvice(
                    end.standardError,
                    then: "fix the server, and start it again with restart_server"
                )
                : "Start it again with restart_server.",
            details: ["connections": [.string(connection.name)]]
        )
        // After a failed restart it would be what the process before that wrote.
        if connection.failedRestart == nil { failure.evidence["server"] = .object(end.evidence) }
        return report(failure, emptyPayload: emptyPayload)
    }
}
