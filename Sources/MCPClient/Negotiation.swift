import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport

/// Finds out which revision a server speaks and opens the conversation in it.
///
/// Source: versioning, "Backward compatibility", and stdio, "Backward compatibility", of the modern revisions;
/// lifecycle of the legacy ones. Real servers that never answer an unknown method, or need seconds to start, made the
/// grace: after it the handshake follows the probe down the same pipe, and whichever is answered first decides.
struct Negotiation {
    typealias MakeTransport = @Sendable () async throws -> any ClientTransport

    /// What was agreed, and the server's own words about it.
    struct Agreement {
        var link: ClientLink
        var verdict: EraVerdict
        var greeting: JSONText
    }

    let options: ClientOptions
    let scheduler: any Scheduler
    let makeTransport: MakeTransport
    let began: ContinuousClock.Instant
    var steps: [EraVerdict.Step] = []
    var link: ClientLink?

    init(options: ClientOptions, scheduler: any Scheduler, makeTransport: @escaping MakeTransport) {
        self.options = options
        self.scheduler = scheduler
        self.makeTransport = makeTransport
        began = scheduler.now
    }

    mutating func run() async throws(ConnectFailure) -> Agreement {
        do {
            switch options.era {
            case .auto: return try await choose(on: try await open())
            case .legacy:
                return try await shakeHands(on: try await open(), at: .latestLegacy, reason: "legacy was asked for")
            case .modern: return try await discover(at: .latest, reason: "modern was asked for")
            case .pinned(let revision) where revision.era == .modern:
                return try await discover(at: revision, reason: "\(revision.wireName) was asked for")
            case .pinned(let revision):
                return try await shakeHands(
                    on: try await open(),
                    at: revision,
                    reason: "\(revision.wireName) was asked for"
                )
            }
        } catch {
            // The failure keeps the link for its transcript; the process behind it is not needed any more.
            await link?.close()
            throw error
        }
    }

    private mutating func choose(on link: ClientLink) async throws(ConnectFailure) -> Agreement {
        switch link.transport.kind {
        case .stdio, .inMemory: try await probeThenDecide(on: link)
        case .streamableHTTP: try await probeByExchange(on: link)
        case .sse:
            try await shakeHands(on: link, at: .latestLegacy, reason: "HTTP+SSE is a transport of the legacy era")
        }
    }

    // MARK: - Steps

    var remaining: Duration {
        let left = options.limits.connect - began.duration(to: scheduler.now)
        return max(left, .milliseconds(1))
    }

    mutating func note(_ asked: String, _ outcome: String, status: Int? = nil) {
        let after = began.duration(to: scheduler.now)
        steps.append(EraVerdict.Step(asked: asked, outcome: outcome, status: status, after: after))
    }

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
        case .unsendable, .ended:
            // What could not be sent or answered has its cause in the end, which is about to be known.
            fail(.ended(await link.ended()))
        }
    }

    // MARK: - Modern

    mutating func discover(at revision: Revision, reason: String) async throws(ConnectFailure) -> Agreement {
        let link = try await open()
        let id = link.peer.nextID()
        let outcome = await ask(on: link, at: revision, id: id)
        let status = link.transport.status(of: id)
        switch outcome {
        case .failure(let failure):
            note("server/discover at \(revision.wireName)", failure.description, status: status)
            throw await fail(failure, on: link)
        case .success(let reply):
            switch reply.result {
            case .success(let result):
                note("server/discover at \(revision.wireName)", "answered", status: status)
                let offered = DiscoverResult(json: result.value().object ?? [:]).supportedVersions ?? []
                guard let common = best(of: offered, wanted: revision) else {
                    throw fail(.version(offered: offered, wanted: revision.wireName))
                }
                return agree(link, common, result, reason)
            case .failure(let error):
                note("server/discover at \(revision.wireName)", "error \(error)", status: status)
                let offered = UnsupportedVersion(error)?.supported ?? []
                // Also where it names the very revision: some servers are only slow to begin.
                if let common = best(of: offered, wanted: revision) {
                    return try await discover(again: common, on: link, reason: reason)
                }
                if let obstacle = obstacle(error, status, id, on: link) { throw fail(obstacle) }
                throw fail(offered.isEmpty ? .rejected(error) : .version(offered: offered, wanted: revision.wireName))
            }
        }
    }

    /// Asks once more in a revision that the server named.
    mutating func discover(
        again revision: Revision,
        on link: ClientLink,
        reason: String
    ) async throws(ConnectFailure) -> Agreement {
        let id = link.peer.nextID()
        let outcome = await ask(on: link, at: revision, id: id)
        let status = link.transport.status(of: id)
        switch outcome {
        case .failure(let failure):
            note("server/discover at \(revision.wireName)", failure.description, status: status)
            throw await fail(failure, on: link)
        case .success(let reply):
            switch reply.result {
            case .failure(let error):
                note("server/discover at \(revision.wireName)", "error \(error)", status: status)
                throw fail(obstacle(error, status, id, on: link) ?? .rejected(error))
            case .success(let result):
                note("server/discover at \(revision.wireName)", "answered", status: status)
                return agree(link, revision, result, reason)
            }
        }
    }

    func best(of offered: [String], wanted: Revision?) -> Revision? {
        let common = offered.compactMap(Revision.init(wireName:)).filter { $0.era == .modern }
        if let wanted, case .pinned = options.era { return common.contains(wanted) ? wanted : nil }
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

    // MARK: - Legacy

    mutating func shakeHands(
        on link: ClientLink,
        at revision: Revision,
        reason: String
    ) async throws(ConnectFailure) -> Agreement {
        guard link.transport.kind != .streamableHTTP else {
            return try await shakeHandsByExchange(on: link, at: revision, reason: reason)
        }
        switch await ask(on: link, at: revision) {
        case .failure(let failure):
            note("initialize at \(revision.wireName)", failure.description)
            throw await fail(failure, on: link)
        case .success(let reply):
            return try conclude(handshake: reply, on: link, at: revision, reason: reason)
        }
    }

    mutating func conclude(
        handshake reply: Reply,
        on link: ClientLink,
        at revision: Revision,
        reason: String
    ) throws(ConnectFailure) -> Agreement {
        let status = link.transport.status(of: reply.id)
        switch reply.result {
        case .failure(let error):
            note("initialize at \(revision.wireName)", "error \(error)", status: status)
            let supported = UnsupportedVersion(error)?.supported ?? []
            throw fail(supported.isEmpty ? .rejected(error) : .version(offered: supported, wanted: revision.wireName))
        case .success(let result):
            guard let answered = result["protocolVersion"]?.string else {
                note("initialize at \(revision.wireName)", "answered without a protocolVersion", status: status)
                throw fail(.malformed("the result of initialize has no protocolVersion that is a string"))
            }
            note("initialize at \(revision.wireName)", "answered with \(answered)", status: status)
            var isWelcome = true
            if case .pinned(let wanted) = options.era { isWelcome = wanted.wireName == answered }
            guard isWelcome, let common = Revision(wireName: answered), common.era == .legacy else {
                throw fail(.version(offered: [answered], wanted: revision.wireName))
            }
            // Agreed first: over HTTP already this notification says the revision in its head.
            let agreement = agree(link, common, result, reason)
            do {
                try link.notify(.initialized)
            } catch {
                throw fail(.malformed("the handshake could not be finished: \(error)"))
            }
            return agreement
        }
    }

    /// Sends the greeting of a revision.
    func ask(
        on link: ClientLink,
        at revision: Revision,
        id: RequestID? = nil,
        limit: Duration? = nil
    ) async -> Result<Reply, CallFailure> {
        do throws(CallFailure) {
            return .success(
                try await link.greet(
                    OpeningRequest(at: revision, options: options),
                    id: id ?? link.peer.nextID(),
                    limits: CallLimits(request: limit ?? remaining)
                )
            )
        } catch {
            return .failure(error)
        }
    }
}

extension ClientTransport {
    /// The HTTP status that a request was answered with, where there are such.
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
