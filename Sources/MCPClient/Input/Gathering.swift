import AsyncRuntime
import JSON
import JSONRPC

/// Has all questions that came together answered, at the same time and within what is left of a limit.
struct Gathering {
    let link: ClientLink
    /// How long it may take.
    let limit: Duration?

    /// What came of it.
    enum Outcome {
        /// The answers in the order of the questions.
        case answered([JSONObject])
        /// This one was not answered; no other matters then.
        case refused(ReceivedInputRequest, InputRefusal)
        /// The task was cancelled.
        case cancelled
        /// The limit passed.
        case timeout
    }

    private enum Event {
        case settled(index: Int, Result<JSONObject, InputRefusal>)
        case limitPassed
    }

    func run(_ asked: [(question: ReceivedInputRequest, handler: InputHandlers.Handler)]) async -> Outcome {
        let arrival = Arrival(time: link.began.duration(to: link.scheduler.now))
        let numbers = asked.map { link.note($0.question, arrival) }
        return await withTaskGroup(of: Event.self) { group in
            // Started in the order of the questions.
            for (index, (question, handler)) in asked.enumerated() {
                group.addImmediateTask { .settled(index: index, await Self.settle(question, handler)) }
            }
            if let limit {
                group.addTask { [scheduler = link.scheduler] in
                    await scheduler.wait(for: limit)
                    return .limitPassed
                }
            }
            var open = Set(asked.indices)
            defer {
                group.cancelAll()
                for index in open { link.settle(numbers[index], .calledOff, of: asked[index].question) }
            }
            var answers = [JSONObject](repeating: [:], count: asked.count)
            while !open.isEmpty, let event = await group.next() {
                switch event {
                case _ where Task.isCancelled: return .cancelled
                case .limitPassed: return .timeout
                case .settled(let index, .success(let answer)):
                    open.remove(index)
                    answers[index] = answer
                    link.settle(numbers[index], .answered(answer), of: asked[index].question)
                case .settled(let index, .failure(let refusal)):
                    open.remove(index)
                    let question = asked[index].question
                    link.settle(numbers[index], .refused(refusal), of: question)
                    guard let answer = refusal.answer(to: question) else { return .refused(question, refusal) }
                    answers[index] = answer
                }
            }
            return Task.isCancelled ? .cancelled : .answered(answers)
        }
    }

    private static func settle(
        _ question: ReceivedInputRequest,
        _ handler: InputHandlers.Handler
    ) async -> Result<JSONObject, InputRefusal> {
        do throws(InputRefusal) {
            return .success(try await handler(question))
        } catch {
            return .failure(error)
        }
    }
}

extension InputRefusal {
    /// The result that says no, where the method has one: a user may decline, a model and roots may not.
    ///
    /// Source: 2026-07-28, "Sampling" and "Roots", error handling: the client does not retry.
    fileprivate func answer(to question: ReceivedInputRequest) -> JSONObject? {
        if case .failed = self { return nil }
        return question.kind == .elicitation ? elicitationResult : nil
    }
}
