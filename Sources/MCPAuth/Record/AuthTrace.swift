import MCPHTTP
import Synchronization

/// The steps of an authorization in order, also if it fails.
public final class AuthTrace: Sendable {
    private struct State {
        var steps: [AuthStep] = []
        var secrets = SecretRedactor()
        var requestCount = 0
    }

    private let state = Mutex(State())

    /// The number of steps that are kept; a run has fewer, unless something repeats.
    static let limit = 500

    /// Creates an empty trace.
    public init() {}

    /// The steps so far.
    public var steps: [AuthStep] { state.withLock { $0.steps } }

    /// The number of requests that were sent so far.
    public var requestCount: Int { state.withLock { $0.requestCount } }

    /// Removes the secrets of the authorization from a text.
    public func redact(_ text: String) -> String { state.withLock { $0.secrets }.redact(text) }

    /// Removes the secrets of the authorization from a failure.
    func redact(_ failure: AuthFailure) -> AuthFailure {
        var failure = failure
        failure.message = redact(failure.message)
        failure.advice = failure.advice.map(redact)
        failure.code = failure.code.map(redact)
        return failure
    }

    /// Learns a secret before anything that may repeat it is recorded.
    func hide(_ secret: String?) {
        guard let secret else { return }
        state.withLock { $0.secrets.add(secret) }
    }

    func countRequest() {
        state.withLock { $0.requestCount += 1 }
    }

    func add(_ step: AuthStep) {
        state.withLock { state in
            guard state.steps.count < Self.limit else { return }
            var step = step
            step.found = state.secrets.redact(step.found)
            step.request = step.request.map(state.secrets.redact)
            step.advice = step.advice.map(state.secrets.redact)
            state.steps.append(step)
        }
    }
}
