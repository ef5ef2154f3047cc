import AsyncRuntime
import JSON
import JSONRPC

/// Runs the handlers of input requests that came together, concurrently and within a limit.
struct Gathering {
    let link: ClientLink
    /// The time limit; nil means none.
    let limit: Duration?

    /// What the handlers returned.
    enum Outcome {
        /// The results in the order of the requests.
        case answered([JSONObject])
        /// This request was refused; the others do not matter then.
        case refused(ReceivedInputRequest, InputRefusal)
        /// The task was cancelled.
        case cancelled
        /// The limit passed.
        case timeout
    }

    private enum Event {
        case ended(index: Int, Result<JSONObject, InputRefusal>)
        case limitPassed
    }

    func run(_ requests: [HandledInputRequest]) async -> Outcome {
        let arrival = Arrival(time: link.began.duration(to: link.scheduler.now))
        let numbers = requests.map { link.note($0.request, arrival) }
        return await withTaskGroup(of: Event.self) { group in
            // Started in the order of the requests.
            for (index, (request, handler)) in requests.enumerated() {
                group.addImmediateTask { .ended(index: index, await Self.run(handler, on: request)) }
            }
            if let limit {
                group.addTask { [scheduler = link.scheduler] in
                    await scheduler.wait(for: limit)
                    return .limitPassed
                }
            }
            var open = Set(requests.indices)
            defer {
                group.cancelAll()
                for index in open { link.record(.cancelled, of: requests[index].request, numbers[index]) }
            }
            var results = [JSONObject](repeating: [:], count: requests.count)
            while !open.isEmpty, let event = await group.next() {
                switch event {
                case _ where Task.isCancelled: return .cancelled
                case .limitPassed: return .timeout
                case .ended(let index, .success(let result)):
                    open.remove(index)
                    results[index] = result
                    link.record(.answered(result), of: requests[index].request, numbers[index])
                case .ended(let index, .failure(let refusal)):
                    open.remove(index)
                    let request = requests[index].request
                    link.record(.refused(refusal), of: request, numbers[index])
                    guard let result = refusal.result(for: request) else { return .refused(request, refusal) }
                    results[index] = result
                }
            }
            return Task.isCancelled ? .cancelled : .answered(results)
        }
    }

    private static func run(
        _ handler: InputHandlers.Handler,
        on request: ReceivedInputRequest
    ) async -> Result<JSONObject, InputRefusal> {
        do throws(InputRefusal) {
            return .success(try await handler(request))
        } catch {
            return .failure(error)
        }
    }
}

extension InputRefusal {
    /// The result that declines, if the method has one: elicitation has, sampling and roots do not.
    ///
    /// Source: 2026-07-28, "Sampling" and "Roots", error handling: the client does not retry.
    fileprivate func result(for request: ReceivedInputRequest) -> JSONObject? {
        if case .failed = self { return nil }
        return request.kind == .elicitation ? elicitationResult : nil
    }
}
