import AsyncRuntime
import MCPAuth
import MCPHTTP

/// A login that has begun, and that waits for the user to agree in a browser.
///
/// It ends by itself: when the browser comes back, when the user has not agreed in time, or with its session.
final class PendingLogin: Sendable {
    /// How far a login is.
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
    private let task: Task<Void, Never>

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
        // Owned by the session: `PendingLogins.close()` cancels it and waits for it, unless it has ended before.
        task = Task { [url, hasReturned, outcome] in
            do throws(AuthFailure) {
                let authorization = try await PendingLogin.authorization(
                    by: flow,
                    after: challenges,
                    on: clock,
                    url: url,
                    hasReturned: hasReturned
                )
                await save(authorization)
                outcome.open(.success(()))
            } catch {
                outcome.open(.failure(error))
            }
            url.open(nil)
        }
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
        task.cancel()
        await task.value
    }

    private static var cancelled: Progress {
        .failed(AuthFailure(.cancelled, "the wait for the login was cancelled"))
    }

    /// Performs the login.
    ///
    /// - Parameters:
    ///   - url: Opened with the URL for the browser.
    ///   - hasReturned: Opened when the browser has come back.
    private static func authorization(
        by flow: AuthorizationFlow,
        after challenges: Challenges,
        on clock: any Scheduler,
        url: Latch<HTTPURL?>,
        hasReturned: Latch<Void>
    ) async throws(AuthFailure) -> Authorization {
        let discovery = try await flow.discover(challenges)
        guard !discovery.server.isDefault else {
            throw AuthFailure(.noResourceMetadata, "\(flow.settings.server) names no authorization server")
        }
        let listener = try await RedirectListener.start(clock: clock)
        let result: Result<Authorization, AuthFailure>
        do throws(AuthFailure) {
            var interaction = listener.interaction(within: flow.settings.limits.consent) { url.open($0) }
            let callback = interaction.callback
            interaction.callback = { url, state async throws(AuthFailure) in
                let received = try await callback(url, state)
                hasReturned.open()
                return received
            }
            result = .success(try await flow.authorize(by: .code(interaction), discovery))
        } catch {
            result = .failure(error)
        }
        await listener.close()
        return try result.get()
    }
}
