import AsyncRuntime
import JSON
import JSONRPC
import MCP
import Synchronization

/// Holds a subscription of the modern era open: asks for it, and asks again when it broke.
///
/// Source: 2026-07-28, "Subscriptions": after a drop the client may reconnect, and nothing is told again.
struct Listening {
    let client: Client
    let subscription: Subscription

    /// How often it is asked for again in a row.
    private static let attempts = 5

    func run() async {
        var failures = 0
        while true {
            let number = client.listenCount.add(1, ordering: .relaxed).newValue
            let id = RequestID.string("listen-\(number)")
            switch await ask(id) {
            case .over(let end):
                tell(end, id)
                return subscription.end(end)
            case .broken(let error, wasActive: let wasActive):
                failures = wasActive ? 1 : failures + 1
                guard failures <= Self.attempts, !Task.isCancelled else {
                    tell(.failed(error), id)
                    return subscription.end(.failed(error))
                }
                let pause = Duration.milliseconds(250 << (failures - 1))
                client.link.note(
                    "subscription \(id) broke and is asked for again in \(pause.seconds): \(error)",
                    exchange: id
                )
                subscription.state.withLock { state in
                    if case .active = state.status { state.status = .reopening }
                }
                await client.link.scheduler.wait(for: pause)
            }
        }
    }

    private enum Outcome {
        case over(Subscription.End)
        case broken(CallError, wasActive: Bool)
    }

    private func ask(_ id: RequestID) async -> Outcome {
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
            let result = try await client.ask(call)
            check(result.result, id)
            return .over(.byServer)
        } catch {
            let (wasActive, isEndedByServer) = subscription.state.withLock { ($0.isAcknowledged, $0.isEndedByServer) }
            if isEndedByServer { return .over(.byServer) }
            switch error.cause {
            case .failed(.cancelled): return .over(.byUs)
            case .rejected, .refused, .invalid, .input: return .over(.failed(error))
            case .failed, .broken:
                // What was never acknowledged need not be asked for again; with the connection gone nothing can be.
                let canReopen = (wasActive || isReopening) && client.link.end == nil
                return canReopen ? .broken(error, wasActive: wasActive) : .over(.failed(error))
            }
        }
    }

    private var isReopening: Bool {
        if case .reopening = subscription.status { true } else { false }
    }

    private func check(_ result: JSONText, _ id: RequestID) {
        for problem in ListenResult(json: result.value().object ?? [:]).problems(in: client.revision) {
            let sentence = "the result that ended subscription \(id) breaks its schema: \(problem)"
            client.link.note(.breach(sentence), exchange: id)
        }
    }

    private func tell(_ end: Subscription.End, _ id: RequestID) {
        switch end {
        case .byUs: client.link.note("subscription \(id) was ended", exchange: id)
        case .byServer: client.link.note("the server ended subscription \(id)", exchange: id)
        case .failed(let error): client.link.note("subscription \(id) ended: \(error)", exchange: id)
        }
    }
}
