public import JSON
public import JSONRPC
public import MCP
public import MCPTransport

/// A connection to a server, in whichever revision was agreed upon.
///
/// Nothing is asked of the server that the caller did not ask for: connecting lists nothing, a call is one request.
public final class Client: Sendable {
    /// Which revision is spoken, and why.
    public let verdict: EraVerdict
    /// The server's own words about itself: the result of `initialize` or `server/discover`, as received.
    public let greeting: JSONText
    /// The connection underneath, with its transcript and what was noticed.
    public let link: ClientLink
    /// How it was connected.
    public let options: ClientOptions

    private let stamp: RequestStamp

    private init(_ agreement: Negotiation.Agreement, options: ClientOptions) {
        verdict = agreement.verdict
        greeting = agreement.greeting
        link = agreement.link
        self.options = options
        stamp =
            agreement.verdict.revision.era == .modern
            ? .modern(agreement.verdict.revision, options: options) : .legacy
    }

    /// Connects: opens a transport, finds the revision and finishes the handshake where there is one.
    ///
    /// The closure may be called twice, for a server that ends on an unknown first message is started again.
    ///
    /// - Throws: ``ConnectFailure``.
    public static func connect(
        options: ClientOptions,
        scheduler: any Scheduler,
        transport: @escaping @Sendable () async throws -> any ClientTransport
    ) async throws(ConnectFailure) -> Client {
        var negotiation = Negotiation(options: options, scheduler: scheduler, makeTransport: transport)
        return Client(try await negotiation.run(), options: options)
    }

    /// The revision that is spoken.
    public var revision: Revision { verdict.revision }

    /// The server's name and version, if it gave them.
    public var serverInfo: Implementation? {
        let json = greeting.value().object ?? [:]
        return revision.era == .modern
            ? DiscoverResult(json: json).serverInfo : InitializeResult(json: json).serverInfo
    }

    /// What the server says it can do.
    public var capabilities: ServerCapabilities {
        ServerCapabilities(json: greeting["capabilities"]?.value().object ?? [:])
    }

    /// What the server tells models about itself.
    public var instructions: String? {
        greeting["instructions"]?.string
    }

    /// Ends the connection.
    @discardableResult
    public func close() async -> TransportEnd {
        await link.close()
    }

    // MARK: - Requests

    /// Sends a request of any method and waits for its result.
    ///
    /// Cancelling the task tells the server that the answer is not wanted any more.
    ///
    /// - Throws: ``CallError`` with what the server answered instead, or why nothing usable came.
    public func request(
        _ method: Method,
        _ params: RequestParams = RequestParams(),
        limits: CallLimits? = nil,
        onProgress: ClientLink.ProgressHandler? = nil
    ) async throws(CallError) -> CallResult {
        let id = link.peer.nextID()
        let text = stamp.stamp(params, progressToken: onProgress == nil ? nil : id)
        let bytes = Message.encode(id: id, method: method.rawValue, params: text)
        return try await send(bytes, id: id, isCancellable: true, limits: limits, onProgress: onProgress)
    }

    /// Sends bytes as they are, for a tester must be able to break every rule, and waits for the answer to them.
    ///
    /// The answer is known by the id in the bytes; bytes without a readable id wait for an error that has none.
    ///
    /// - Throws: ``CallError``.
    public func send(
        raw bytes: [UInt8],
        limits: CallLimits? = nil
    ) async throws(CallError) -> CallResult {
        let (id, isCancellable) = identify(bytes)
        return try await send(bytes, id: id, isCancellable: isCancellable, limits: limits, onProgress: nil)
    }

    /// Sends bytes as they are and waits for nothing.
    ///
    /// - Throws: ``TransportFailure`` if the connection is closed.
    public func post(raw bytes: [UInt8]) throws {
        try link.peer.send(bytes)
    }

    private func identify(_ bytes: [UInt8]) -> (RequestID, isCancellable: Bool) {
        if case .message(.request(let request)) = Frame(received: bytes).content { return (request.id, true) }
        if case .message(.invalid(let id?, _)) = Frame(received: bytes).content { return (id, false) }
        return (link.peer.nextID(), false)
    }

    private func send(
        _ bytes: [UInt8],
        id: RequestID,
        isCancellable: Bool,
        limits: CallLimits?,
        onProgress: ClientLink.ProgressHandler?
    ) async throws(CallError) -> CallResult {
        let began = link.scheduler.now
        let reply: Reply
        do throws(CallFailure) {
            reply = try await link.request(
                bytes,
                id: id,
                limits: limits ?? options.limits.call,
                isCancellable: isCancellable,
                onProgress: onProgress
            )
        } catch {
            let elapsed = began.duration(to: link.scheduler.now)
            throw CallError(cause: .failed(error), id: id, request: bytes, elapsed: elapsed)
        }
        switch reply.result {
        case .success(let result): return CallResult(id: id, result: result, elapsed: reply.elapsed)
        case .failure(let error):
            throw CallError(cause: .rejected(error), id: id, request: bytes, elapsed: reply.elapsed)
        }
    }
}

/// What a server answered to a request.
public struct CallResult: Sendable {
    /// The request's id.
    public let id: RequestID
    /// The result as received.
    public let result: JSONText
    /// The time from just before the request was sent until the answer was there.
    public let elapsed: Duration
}

/// Why a request brought no result.
public struct CallError: Error, Sendable, CustomStringConvertible {
    /// Whose word it is.
    public enum Cause: Sendable {
        /// The server answered with an error.
        case rejected(RPCError)
        /// No usable answer came.
        case failed(CallFailure)
    }

    /// Whose word it is, and what it says.
    public var cause: Cause
    /// The request's id.
    public var id: RequestID
    /// The request as it was sent.
    public var request: [UInt8]
    /// The time until this was known.
    public var elapsed: Duration

    /// A sentence that says what happened.
    public var description: String {
        switch cause {
        case .rejected(let error): "the server answered with an error: \(error)"
        case .failed(let failure): failure.description
        }
    }
}
