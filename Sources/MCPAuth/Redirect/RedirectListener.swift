public import AsyncRuntime
public import MCPHTTP
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Waits for the redirect back at a loopback address.
///
/// A redirect with another state is answered and ignored, so that no other page can end the wait. The browser's request is
/// answered when the outcome is known.
///
/// Source: RFC 8252, sections 7.3 and 8.3.
public final class RedirectListener: Sendable {
    /// The redirect URI.
    public let redirectURI: String
    /// Nil if the redirect URI is on another machine, so that the user pastes the address.
    private let channel: (any Channel)?
    private let inbox: RedirectInbox
    private let clock: any Scheduler

    private init(_ channel: (any Channel)?, _ inbox: RedirectInbox, redirectURI: String, clock: any Scheduler) {
        self.channel = channel
        self.inbox = inbox
        self.redirectURI = redirectURI
        self.clock = clock
    }

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - host: `127.0.0.1`, `localhost` or `::1`, as in the redirect URI.
    ///   - port: The port; 0 for any free one.
    ///   - path: The path, starting with a slash.
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/listener``.
    public static func start(
        host: String = "127.0.0.1",
        port: Int = 0,
        path: String = "/callback",
        clock: any Scheduler
    ) async throws(AuthFailure) -> RedirectListener {
        guard host == "localhost" || IPAddress(host)?.isLoopback == true else {
            throw AuthFailure(
                .listener,
                "the redirect URI has the host \(host); this program can only listen on this machine",
                advice: "Use http://127.0.0.1:PORT/callback, or paste the redirect URL."
            )
        }
        let inbox = RedirectInbox(path: path)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(IdleStateHandler(readTimeout: .seconds(10)))
                    try pipeline.addHandler(RedirectHandler(inbox))
                }
            }
        do {
            // A name could resolve to an address that the browser does not use.
            let address = host == "localhost" ? "127.0.0.1" : host
            let channel = try await bootstrap.bind(host: address, port: port).get()
            let shownHost = host.contains(":") ? "[\(host)]" : host
            let uri = "http://\(shownHost):\(channel.localAddress?.port ?? port)\(path)"
            return RedirectListener(channel, inbox, redirectURI: uri, clock: clock)
        } catch {
            throw AuthFailure(
                .listener,
                "cannot listen on \(host):\(port) for the redirect back: \(error)",
                advice: "Use another port, or 0 for any free one."
            )
        }
    }

    /// Begins to listen at a redirect URI, or only to wait for what the user pastes if it is on another machine.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/listener``.
    public static func start(
        redirectURI text: String,
        clock: any Scheduler
    ) async throws(AuthFailure) -> RedirectListener {
        let url: HTTPURL
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(text)
        } catch {
            throw AuthFailure(
                .listener,
                "the redirect URI \(error)",
                advice: "Give a whole URI, such as http://127.0.0.1:8080/callback."
            )
        }
        let isLocal = url.host == "localhost" || IPAddress(url.host)?.isLoopback == true
        guard isLocal, !url.isSecure else {
            // Only its own host may receive the code.
            guard url.isSecure else {
                throw AuthFailure(
                    .listener,
                    "the redirect URI has neither https nor a host on this machine",
                    advice: "Give an https URI, or one such as http://127.0.0.1:8080/callback."
                )
            }
            return RedirectListener(nil, RedirectInbox(path: url.path), redirectURI: text, clock: clock)
        }
        let listener = try await start(host: url.host, port: url.port, path: url.path, clock: clock)
        // As the client is registered: servers compare the text.
        return RedirectListener(listener.channel, listener.inbox, redirectURI: text, clock: clock)
    }

    /// Whether the browser can come back to this program.
    public var isListening: Bool { channel != nil }

    /// The port; 0 if nothing listens.
    public var port: Int { channel?.localAddress?.port ?? 0 }

    /// How often a redirect with a foreign state was ignored.
    public var ignoredCount: Int { inbox.ignoredCount }

    /// Uses a redirect URL that the user pasted instead of the browser's request.
    ///
    /// - Returns: Whether it belongs to the authorization that waits; it is ignored otherwise.
    @discardableResult
    public func accept(_ callback: Callback) -> Bool { inbox.accept(callback) }

    /// Stops waiting, because the user gave up.
    public func cancel() {
        inbox.fail(AuthFailure(.denied, "the user stopped the authorization"))
    }

    /// The interaction that this listener serves.
    ///
    /// - Parameters:
    ///   - limit: How long the user has to agree.
    ///   - show: Shows the URL, or opens a browser.
    public func interaction(
        within limit: Duration,
        show: @escaping @Sendable (HTTPURL) async -> Void
    ) -> CodeInteraction {
        CodeInteraction(redirectURI: redirectURI) { url, state async throws(AuthFailure) in
            let outcome = self.inbox.expect(state)
            let deadline = self.clock.schedule(at: self.clock.now.advanced(by: limit)) {
                let count = self.inbox.ignoredCount
                let verb = count == 1 ? "redirect with another state was" : "redirects with another state were"
                let ignored = count == 0 ? "" : "; \(count) \(verb) ignored"
                outcome.open(
                    .failure(
                        AuthFailure(
                            .consentTimeout,
                            "the browser did not come back within \(limit.seconds)\(ignored)",
                            advice: "Begin again, and agree in the browser."
                        )
                    )
                )
            }
            await show(url)
            let result = await outcome.waitUnlessCancelled()
            deadline.cancel()
            guard let result else { throw AuthFailure(.cancelled, "the authorization was cancelled") }
            return try result.get()
        } finished: { failure in
            self.inbox.finish(failure.map(RedirectPage.failure) ?? .success)
        }
    }

    /// Stops listening.
    ///
    /// A browser that waits for its page gets it first.
    public func close() async {
        inbox.finish(.foreign)
        do {
            try await channel?.close().get()
        } catch {
            // It is closed already.
        }
    }
}

/// The redirects that arrive at a listener.
final class RedirectInbox: Sendable {
    typealias Outcome = Latch<Result<Callback, AuthFailure>>

    private struct State {
        var expected: String?
        var outcome: Outcome?
        /// Writes the page for the browser that brought the redirect.
        var respond: (@Sendable (RedirectPage) -> Void)?
        var ignoredCount = 0
    }

    let path: String
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    var ignoredCount: Int { state.withLock { $0.ignoredCount } }

    /// Waits for a redirect with this state.
    func expect(_ expected: String) -> Outcome {
        let outcome = Outcome()
        state.withLock { state in
            state.expected = expected
            state.outcome = outcome
        }
        return outcome
    }

    /// Takes a redirect of a browser; the closure writes its page.
    func receive(_ callback: Callback, respond: @escaping @Sendable (RedirectPage) -> Void) {
        let outcome = state.withLock { state -> Outcome? in
            guard let expected = state.expected, callback.state == expected, state.respond == nil else {
                state.ignoredCount += 1
                return nil
            }
            state.respond = respond
            return state.outcome
        }
        guard let outcome else { return respond(.foreign) }
        outcome.open(.success(callback))
    }

    /// Takes a redirect that the user pasted, unless it has another state: then it is of an earlier attempt.
    func accept(_ callback: Callback) -> Bool {
        let outcome = state.withLock { $0.expected == callback.state ? $0.outcome : nil }
        outcome?.open(.success(callback))
        return outcome != nil
    }

    func fail(_ failure: AuthFailure) {
        state.withLock { $0.outcome }?.open(.failure(failure))
    }

    /// Answers the browser, and expects no further redirect.
    func finish(_ page: RedirectPage) {
        let respond = state.withLock { state in
            defer { (state.expected, state.outcome, state.respond) = (nil, nil, nil) }
            return state.respond
        }
        respond?(page)
    }
}
