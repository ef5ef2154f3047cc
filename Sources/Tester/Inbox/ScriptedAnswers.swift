package import JSON
package import MCPClient
import Synchronization

/// Answers that were prepared for everything that a target requests, where no user could be asked.
package final class ScriptedAnswers: OpenCall {
    /// An input request, and the place of the answer that it got.
    package struct Event: Sendable {
        package let request: ReceivedInputRequest
        /// The place of the prepared answer; nil if none matched.
        package let place: Int?
        /// Why a matching answer could not be used.
        package let reasons: [String]
    }

    private struct State {
        var plan: InputPlan
        var events: [Event] = []
    }

    private let roots: [JSONObject]?
    private let state: Mutex<State>

    /// Creates the answers of one case.
    ///
    /// - Parameter roots: The root directories, which are sent if no answer matches.
    package init(_ plan: InputPlan, roots: [JSONObject]?) {
        self.roots = roots
        state = Mutex(State(plan: plan))
    }

    /// Answers the requests of a connection that belong to no call.
    package func attach(to connection: Connection) { connection.inbox.insert(self) }

    /// Ends ``attach(to:)``.
    package func detach(from connection: Connection) { connection.inbox.remove(self) }

    /// Removes and returns what was requested since the last call.
    package func takeEvents() -> [Event] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    /// The places of the answers that were not used, from 1.
    package var unused: [Int] { state.withLock { $0.plan.answers.map(\.place) } }

    /// Answers an input request: with the first answer that matches, or by declining.
    package func respond(_ request: ReceivedInputRequest) throws(InputRefusal) -> JSONObject {
        let (choice, place) = state.withLock { state in
            let before = state.plan.answers.map(\.place)
            let choice = state.plan.take(for: request)
            let used = Set(before).subtracting(state.plan.answers.map(\.place)).first
            return (choice, used)
        }
        switch choice {
        case .reply(let reply):
            note(request, place, [])
            return try reply.outcome.get()
        case .unusable(let reasons):
            note(request, nil, reasons)
            throw .declined("the prepared answer does not fit the request")
        case .nothing:
            if request.kind == .roots, let roots { return ["roots": .array(roots.map(JSONValue.object))] }
            note(request, nil, [])
            throw .declined("no answer was prepared")
        }
    }

    private func note(_ request: ReceivedInputRequest, _ place: Int?, _ reasons: [String]) {
        state.withLock { $0.events.append(Event(request: request, place: place, reasons: reasons)) }
    }

    // MARK: - Open call

    var isRunning: Bool { true }

    func outcome(of request: ReceivedInputRequest) async -> InputOutcome {
        do throws(InputRefusal) {
            return .settled(.success(try respond(request)))
        } catch {
            return .settled(.failure(error))
        }
    }

    func relay(_ body: (any CallRelay) -> Void) {}

    func cancelInput() {}

    func ended() async {}
}
