import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport

/// Detects which revision a server speaks and opens the conversation in it.
///
/// Source: versioning, "Backward compatibility", and stdio, "Backward compatibility", of the modern revisions;
/// lifecycle of the legacy ones.
struct Negotiation {
    typealias TransportFactory = @Sendable () async throws -> any ClientTransport

    /// What was agreed, and the result of the server that agreed to it.
    struct Agreement {
        var link: ClientLink
        var verdict: EraVerdict
        var greeting: JSONText
    }

    /// The outcome of an opening request.
    struct OpeningOutcome {
        var id: RequestID
        var result: Result<Reply, CallFailure>
        /// The HTTP status of the response, if there is one.
        var status: Int?
    }

    let options: ClientOptions
    let scheduler: any Scheduler
    let makeTransport: TransportFactory
    let began: ContinuousClock.Instant
    var steps: [EraVerdict.Step] = []
    var link: ClientLink?

    init(options: ClientOptions, scheduler: any Scheduler, makeTransport: @escaping TransportFactory) {
        self.options = options
        self.scheduler = scheduler
        self.makeTransport = makeTransport
        began = scheduler.now
    }

    mutating func run() async throws(ConnectFailure) -> Agreement {
        do {
            let link = try await open()
            switch options.era {
            case .auto: return try await detectEra(on: link)
            case .legacy: return try await shakeHands(on: link, at: .latestLegacy, reason: "legacy was requested")
            case .modern: return try await discover(at: .latest, on: link, reason: "modern was requested")
            case .pinned(let revision):
                let reason = "\(revision.wireName) was requested"
                return revision.era == .modern
                    ? try await discover(at: revision, on: link, reason: reason)
                    : try await shakeHands(on: link, at: revision, reason: reason)
            }
        } catch {
            // The failure keeps the link for its transcript; the process behind it is not needed any more.
            if case .timeout = error.cause { await link?.closeAtOnce() } else { await link?.close() }
            throw error
        }
    }

    private mutating func detectEra(on link: ClientLink) async throws(ConnectFailure) -> Agreement {
        switch link.transport.kind {
        case .stdio, .inMemory: try await detectEraByRace(on: link)
        case .streamableHTTP: try await detectEraByExchange(on: link)
        case .sse: try await shakeHands(on: link, at: .latestLegacy, reason: "HTTP+SSE exists only in the legacy era")
        }
    }

    // MARK: - Opening requests

    var remaining: Duration {
        let left = options.limits.connect - began.duration(to: scheduler.now)
        return max(left, .milliseconds(1))
    }

    mutating func record(_ request: String, _ outcome: String, status: Int? = nil) {
        let after = began.duration(to: scheduler.now)
        steps.append(EraVerdict.Step(request: request, outcome: outcome, status: status, after: after))
    }

    mutating func record(_ outcome: OpeningOutcome, at revision: Revision) {
        record(
            "\(revision.era.openingMethod) at \(revision.wireName)",
            outcome.result.summary(in: revision.era),
            status: outcome.status
        )
    }

    /// Sends the opening request of a revision and waits for its response.
    func requestOpening(
        at revision: Revision,
        on link: ClientLink,
        limit: Duration? = nil
    ) async -> OpeningOutcome {
        await requestOpening(at: revision, on: link, id: link.peer.nextID(), limit: limit)
    }

    /// Sends the opening request of a revision under an ID that is known before.
    func requestOpening(
        at revision: Revision,
        on link: ClientLink,
        id: RequestID,
        limit: Duration? = nil
    ) async -> OpeningOutcome {
        let result: Result<Reply, CallFailure>
        do throws(CallFailure) {
            result = .success(
                try await link.greet(
                    OpeningRequest(at: revision, options: options),
                    id: id,
                    limits: CallLimits(request: limit ?? remaining)
                )
            )
        } catch {
            result = .failure(error)
        }
        return OpeningOutcome(id: id, result: result, status: link.transport.status(of: id))
    }

    /// Sends the opening request of a revision and records the outcome.
    mutating func requestOpeningAndRecord(
        at revision: Revision,
        on link: ClientLink,
        limit: Duration? = nil
    ) async -> OpeningOutcome {
        let outcome = await requestOpening(at: revision, on: link, limit: limit)
        record(outcome, at: revision)
        return outcome
    }

    // MARK: - Failures

    func fail(_ cause: ConnectFailure.Cause) -> ConnectFailure {
        ConnectFailure(cause: cause, steps: steps, link: link)
    }

    func fail(_ failure: CallFailure, on link: ClientLink) async -> ConnectFailure {
        switch failure {
        case .timeout: fail(.timeout(options.limits.connect))
        case .cancelled: fail(.cancelled)
        case .malformed(let reason, _): fail(.malformed(reason))
        case .mismatchedID: fail(.malformed(failure.description))
        case .broken(let error):
            fail(.transport(error as? TransportFailure ?? TransportFailure(.broken, "\(error)")))
        case .unsendable(_, by: let error as TransportFailure) where error.kind != .closed: fail(.transport(error))
        // The reason is how the connection ended, which is about to be known.
        case .unsendable, .ended: fail(.ended(await link.ended()))
        }
    }

    func fail(_ error: RPCError, at revision: Revision) -> ConnectFailure {
        let offered = UnsupportedVersion(error)?.supported ?? []
        return fail(offered.isEmpty ? .rejected(error) : .version(offered: offered, wanted: revision.wireName))
    }

    // MARK: - Agreement

    /// The newest of the modern revisions that a server offers; a pinned one or none if one is pinned.
    func best(of offered: [String]) -> Revision? {
        let common = offered.compactMap(Revision.init(wireName:)).filter { $0.era == .modern }
        if case .pinned(let wanted) = options.era { return common.contains(wanted) ? wanted : nil }
        return common.max()
    }

    func agree(
        _ link: ClientLink,
        _ revision: Revision,
        _ greeting: JSONText,
        _ reason: String
    ) -> Agreement {
        link.settle(on: revision)
        let verdict = EraVerdict(revision: revision, reason: reason, steps: steps)
        return Agreement(link: link, verdict: verdict, greeting: greeting)
    }
}

extension ClientTransport {
    /// The HTTP status of the response to a request, if there is one.
    func status(of request: RequestID) -> Int? {
        evidence(of: request)?["status"]?.number?.int64.map { Int(clamping: $0) }
    }
}

/// The error of a server that does not speak the revision of a request, with those that it does.
struct UnsupportedVersion {
    let supported: [String]

    init?(_ error: RPCError) {
        guard error.errorCode == .unsupportedProtocolVersion || error.errorCode == .invalidParams,
            let supported = error.data?["supported"]?.array
        else { return nil }
        self.supported = supported.compactMap(\.string)
    }
}

extension Revision.Era {
    /// The method of the first request of a conversation.
    fileprivate var openingMethod: Method { self == .modern ? .serverDiscover : .initialize }
}

extension Result<Reply, CallFailure> {
    /// The outcome of an opening request, for the steps of a connection.
    fileprivate func summary(in era: Revision.Era) -> String {
        switch self {
        case .failure(.ended(let reason)), .failure(.unsendable(let reason, _)): return reason
        case .failure(let failure): return failure.description
        case .success(let reply):
            switch reply.result {
            case .failure(let error): return "error \(error)"
            case .success(let result) where era == .modern:
                guard let versions = DiscoverResult(json: result.value().object ?? [:]).supportedVersions,
                    !versions.isEmpty
                else { return "answered without supportedVersions" }
                return "answered: \(versions.joined(separator: ", "))"
            case .success(let result):
                guard let version = result["protocolVersion"]?.string else {
                    return "answered without a protocolVersion"
                }
                return "answered with \(version)"
            }
        }
    }
}
