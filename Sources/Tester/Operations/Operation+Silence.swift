import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport

/// A server that has stopped responding.
struct Silence: Sendable {
    /// The first request that was not answered, such as `tools/call "slow"`.
    let label: String
    /// When that was sent.
    let since: ContinuousClock.Instant
    /// The number of frames when the silence was noticed.
    let frameCount: Int
}

extension Operation {
    /// The limit of the question whether the server still answers.
    private static let limit = CallLimits(request: .seconds(2), idle: .seconds(2))

    /// After a timeout, determines whether the server still answers anything, and which earlier request is open.
    func addProbe(to report: inout Report, of call: PendingCall?) async {
        // A model that is slow says nothing about the server.
        guard let failure = report.failure, failure.failureClass == .timeout, failure.errorType != .llmRequestError,
            client.link.end == nil
        else { return }
        let open = connection.unanswered + connection.openCalls(before: call)
        let method: Method = client.revision.profile.allows(.ping, .clientToServer) ? .ping : .serverDiscover
        // A server that was silent before is not asked again.
        if connection.silence == nil, await responds(to: method) {
            report.failure?.message += " The server still answers \(method.rawValue)."
            report.addToSummary("the server still answers \(method.rawValue)")
            if let earlier = open.first(where: { $0.sentAt < began }) {
                report.failure?.message += " An earlier request is still open: \(earlier.label)."
            }
            return
        }
        guard client.link.end == nil, let first = open.min(by: { $0.sentAt < $1.sentAt }) else { return }
        if connection.silence == nil {
            connection.note(
                Silence(label: first.label, since: first.sentAt, frameCount: client.link.transcript.count)
            )
        }
        report.addToSummary("the server has not responded since \(first.label)")
        report.failure?.message += " The server has not responded since \(first.label), not even to \(method.rawValue)."
        report.failure?.details["silent_since"] = .string(first.label)
        report.failure?.nextStep =
            "Is there a blocking call inside an async function of \(first.label)? Await it, or run it in a thread. "
            + "restart_server starts the server again."
    }

    private func responds(to method: Method) async -> Bool {
        do throws(CallError) {
            _ = try await client.request(method, limits: Self.limit)
            return true
        } catch {
            if case .rejected = error.cause { return true }
            return false
        }
    }
}

/// A request without a response so far.
struct OpenRequest: Sendable {
    var label: String
    var ids: [RequestID] = []
    var sentAt: ContinuousClock.Instant
}

extension Connection {
    /// How many requests that timed out are remembered.
    static let timeoutLimit = 20

    /// The requests that timed out and were not answered later, oldest first.
    var unanswered: [OpenRequest] {
        timedOut.filter { request in request.ids.contains { client.link.isUnanswered($0) } }
    }

    /// The open calls that were made before one.
    func openCalls(before call: PendingCall?) -> [OpenRequest] {
        inbox.calls.prefix { $0 !== call }.compactMap { $0 as? PendingCall }.map {
            OpenRequest(label: $0.subject.description, sentAt: $0.startedAt)
        }
    }

    /// The silence of the server, if it has answered nothing since.
    var silence: Silence? {
        guard let silence = notedSilence, client.link.end == nil else { return nil }
        let hasSpoken = client.link.transcript.entries.contains {
            $0.number > silence.frameCount && $0.direction == .received
        }
        return hasSpoken ? nil : silence
    }
}
