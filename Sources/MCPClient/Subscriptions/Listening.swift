import AsyncRuntime
import JSON
import JSONRPC
import MCP
import Synchronization

/// Holds a subscription of the modern era open: sends its request, and sends it again if it breaks.
///
/// Source: 2026-07-28, "Subscriptions": after a drop the client may reconnect, and nothing is reported again.
struct Listening {
    let client: Client
    let subscription: Subscription

    /// The maximum number of requests in a row without an acknowledgement.
    private static let attempts = 5

    func run() async {
        var failures = 0
        while true {
            let number = client.listenCount.add(1, ordering: .relaxed).newValue
            let id = RequestID.string("listen-\(number)")
            switch await listen(id) {
            case .ended(let end):
                note(end, id)
                return subscription.end(end)
            case .broken(let error, wasActive: let wasActive):
                failures = wasActive ? 1 : failures + 1
                guard failures <= Self.attempts, !Task.isCancelled else {
                    note(.failed(error), id)
                    return subscription.end(.failed(error))
                }
                let pause = Duration.milliseconds(250 << (failures - 1))
                client.link.note("subscription \(id) broke; it is reopened in \(pause.seconds): \(error)", exchange: id)
                subscription.reopen()
                await client.link.scheduler.wait(for: pause)
            }
        }
    }

    private enum Outcome {
        case ended(Subscription.End)
        case broken(CallError, wasActive: Bool)
    }

    /// Sends the request once and waits for its end.
    private func listen(_ id: RequestID) async -> Outcome {
        subscription.begin(id)
        client.link.state.withLock { $0.subscriptions[id] = subscription }
        defer { client.link.state.withLock { $0.subscriptions[id] = nil } }
        let call = Call(
            method: .subscriptionsListen,
            params: RequestParams([("notifications", JSONText(.object(subscription.requested.json)))]),
            limits: CallLimits(),
            declaresTasks: subscription.requested.taskIDs != nil,
            id: id
        )
        do throws(CallError) {
            let result = try await client.perform(call)
            check(result.result, id)
            return .ended(.byServer)
        } catch {
            return outcome(of: error)
        }
    }

    private func outcome(of error: CallError) -> Outcome {
        let phase = subscription.request?.phase
        if phase == .endedByServer { return .ended(.byServer) }
        switch error.cause {
        case .failed(.cancelled): return .ended(.byUs)
        case .rejected, .refused, .invalid, .input: return .ended(.failed(error))
        case .failed, .broken:
            // A subscription that never was active is not sent again, nor is any on a closed connection.
            let wasActive = phase == .acknowledged
            let canReopen = (wasActive || isReopening) && client.link.end == nil
            return canReopen ? .broken(error, wasActive: wasActive) : .ended(.failed(error))
        }
    }

    private var isReopening: Bool {
        if case .reopening = subscription.status { true } else { false }
    }

    private func check(_ result: JSONText, _ id: RequestID) {
        for problem in ListenResult(json: result.value().object ?? [:]).problems(in: client.revision) {
            let sentence = "the result that ended subscription \(id) does not match its schema: \(problem)"
            client.link.note(.breach(sentence), exchange: id)
        }
    }

    private func note(_ end: Subscription.End, _ id: RequestID) {
        switch end {
        case .byUs: client.link.note("the client ended subscription \(id)", exchange: id)
        case .byServer: client.link.note("the server ended subscription \(id)", exchange: id)
        case .failed(let error): client.link.note("subscription \(id) ended: \(error)", exchange: id)
        }
    }
}
