import AsyncRuntime
import MCPAuth
import MCPHTTP
import Synchronization

/// A login that has begun, and that waits for the user to agree in a browser.
///
/// It ends by itself: when the browser comes back, when the user has not agreed in time, or with its session.
final class PendingLogin: Sendable {
    /// What a caller can go by.
    enum Progress {
        /// The user has to open this URL and to agree there.
        case waiting(HTTPURL)
        /// The tokens are in the store.
        case authorized
        case failed(AuthFailure)
    }

    /// The steps so far.
    let trace: AuthTrace
    /// The URL for the browser; nil if the login ended before it had one.
    private let url = Latch<HTTPURL?>()
    private let hasReturned = Latch<Void>()
    private let outcome = Latch<Result<Void, AuthFailure>>()
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Begins a login.
    ///
    /// - Parameters:
    ///   - challenges: The challenges of the server for a request without a token.
    ///   - save: Stores the tokens, before anyone learns that the login succeeded.
    init(
        _ flow: AuthorizationFlow,
        after challenges: Challenges,
        on clock: any Scheduler,
        save: @escaping @Sendable (Authorization) async -> Void
    ) {
        trace = flow.trace
        let task = Task {
            do throws(AuthFailure) {
                await save(try await authorization(by: flow, after: challenges, on: clock))
                outcome.open(.success(()))
            } catch {
                outcome.open(.failure(error))
            }
            url.open(nil)
        }
        self.task.withLock { $0 = task }
    }

    /// Whether the browser has come back, or the login has ended: the rest needs no user.
    var needsNoUser: Bool { hasReturned.value != nil || hasEnded }

    /// Whether the login has ended.
    var hasEnded: Bool { outcome.value != nil }

    /// Waits until the URL is known or the login has ended.
    func progress() async -> Progress {
        guard let known = await url.waitUnlessCancelled() else { return Self.cancelled }
        if let url = known, !needsNoUser { return .waiting(url) }
        return await end()
    }

    /// Waits until the login has ended, or the calling task is cancelled.
    func end() async -> Progress {
        switch await outcome.waitUnlessCancelled() {
        case nil: Self.cancelled
        case .success?: .authorized
        case .failure(let failure)?: .failed(failure)
        }
    }

    /// Ends the login if it has not ended yet.
    func cancel() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private static var cancelled: Progress {
        .failed(AuthFailure(.cancelled, "the wait for the login was cancelled"))
    }

    private func authorization(
        by flow: AuthorizationFlow,
        after challenges: Challenges,
        on clock: any Scheduler
    ) async throws(AuthFailure) -> Authorization {
        let discovery = try await flow.discover(challenges)
        guard !discovery.server.isDefault else {
            throw AuthFailure(.noResourceMetadata, "\(flow.settings.server) names no authorization server")
        }
        let listener = try await RedirectListener.start(clock: clock)
        let result: Result<Authorization, AuthFailure>
        do throws(AuthFailure) {
            let grant = AuthorizationGrant.code(interaction(of: listener, within: flow.settings.limits.consent))
            result = .success(try await flow.authorize(by: grant, discovery))
        } catch {
            result = .failure(error)
        }
        await listener.close()
        return try result.get()
    }

    private func interaction(of listener: RedirectListener, within limit: Duration) -> CodeInteraction {
        var interaction = listener.interaction(within: limit) { self.url.open($0) }
        let callback = interaction.callback
        interaction.callback = { url, state async throws(AuthFailure) in
            let received = try await callback(url, state)
            self.hasReturned.open()
            return received
        }
        return interaction
    }
}
