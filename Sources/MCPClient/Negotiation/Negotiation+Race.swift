import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport

/// The choice of `auto` on a connection that all requests share: carries out what ``EraRace`` decides.
extension Negotiation {
    /// How a race ended, with the outcomes of both requests as far as they ended.
    private struct RaceResult {
        var verdict: EraRace.Verdict?
        var probe: OpeningOutcome?
        var handshake: OpeningOutcome?
    }

    private enum RaceEvent {
        case graceEnded
        case probe(OpeningOutcome)
        case handshake(OpeningOutcome)
        case settlingEnded
    }

    mutating func detectEraByRace(on link: ClientLink) async throws(ConnectFailure) -> Agreement {
        let race = await race(on: link)
        switch race.verdict {
        case .modern(let revision):
            let reason = "the server answered server/discover and offers \(revision.wireName)"
            return agree(link, revision, race.probe?.result.reply?.text ?? JSONText([:]), reason)
        case .modernByError:
            let error = race.probe?.result.reply?.error
            return agree(link, .latest, JSONText([:]), Self.modernErrorReason(error))
        case .probeAgain(let revision):
            return try await discover(at: revision, on: link, isRetry: true, reason: Self.namedReason(revision))
        case .legacy(let reason):
            let outcome = race.handshake?.result ?? .failure(.timeout(.connect, after: options.limits.connect))
            return try await finishHandshake(outcome, on: link, at: .latestLegacy, reason: reason)
        case .restartModern(let revision):
            await link.close()
            return try await discover(
                at: revision,
                on: try await open(),
                reason: "the server answered server/discover and accepted initialize as well, so it was restarted and "
                    + "sent only server/discover"
            )
        case .restartLegacy:
            // If it has not even read the probe, it would exit again.
            let end = await link.close()
            if end.leftInputUnread { throw fail(.ended(end)) }
            return try await shakeHands(
                on: try await open(),
                at: .latestLegacy,
                reason: "the server closed the connection on server/discover, so it was restarted without it"
            )
        case .noCommonRevision:
            let offered = race.probe?.result.reply?.error.flatMap(UnsupportedVersion.init)?.supported ?? []
            throw fail(.version(offered: offered, wanted: Revision.latest.wireName))
        case .probeFailed, nil:
            guard case .failure(let failure)? = race.probe?.result else { throw fail(.timeout(options.limits.connect)) }
            throw await fail(failure, on: link)
        }
    }

    private mutating func race(on link: ClientLink) async -> RaceResult {
        let negotiation = self
        let probeID = link.peer.nextID()
        return await withTaskGroup(of: RaceEvent.self) { group in
            group.addTask { .probe(await negotiation.requestOpening(at: .latest, on: link, id: probeID)) }
            group.addTask {
                await negotiation.waitForGrace(on: link)
                return .graceEnded
            }
            defer { group.cancelAll() }
            var race = EraRace()
            var result = RaceResult()
            while let next = await group.next() {
                let event: EraRace.Event
                switch next {
                case .graceEnded: event = .graceEnded
                case .settlingEnded: event = .settlingEnded
                case .probe(let outcome):
                    result.probe = outcome
                    event = .probe(probeOutcome(outcome.result))
                case .handshake(let outcome):
                    result.handshake = outcome
                    let isProbeAnswered = race.isProbeOpen && !link.peer.isWaiting(for: probeID)
                    event = .handshake(EraRace.HandshakeOutcome(outcome.result), afterProbe: isProbeAnswered)
                }
                for effect in race.handle(event) {
                    switch effect {
                    case .record(.graceEnded):
                        record("server/discover", "no response yet, so initialize follows on the same connection")
                    case .record(.probe): if let outcome = result.probe { record(outcome, at: .latest) }
                    case .record(.handshake):
                        if let outcome = result.handshake { record(outcome, at: .latestLegacy) }
                    case .record(.settlingEnded): break
                    case .sendHandshake:
                        group.addTask { .handshake(await negotiation.requestOpening(at: .latestLegacy, on: link)) }
                    case .startSettling:
                        group.addTask {
                            await negotiation.scheduler.wait(for: .seconds(1))
                            return .settlingEnded
                        }
                    case .finish(let verdict):
                        result.verdict = verdict
                        return result
                    }
                }
            }
            return result
        }
    }

    /// Waits for the time that the probe has alone.
    ///
    /// While a server has not read the probe, it is still starting. It gets the time once it has, because some servers
    /// would have to be started again after a second message.
    private func waitForGrace(on link: ClientLink) async {
        let grace = options.limits.probeGrace
        await scheduler.wait(for: grace)
        guard await link.transport.isInputUnread() == true else { return }
        while !Task.isCancelled, await link.transport.isInputUnread() == true {
            await scheduler.wait(for: .milliseconds(20))
        }
        await scheduler.wait(for: grace)
    }

    // MARK: - The outcome of a probe

    /// What the outcome of `server/discover` says about the era of the server.
    func probeOutcome(_ outcome: Result<Reply, CallFailure>) -> EraRace.ProbeOutcome {
        switch outcome {
        case .failure(.cancelled): return .cancelled
        case .failure(.ended), .failure(.unsendable): return .closed
        case .failure(let failure):
            let reason = "server/discover got no usable response: \(failure)"
            if case .timeout = failure { return .timeout(reason: reason) }
            return .undecided(reason: reason)
        case .success(let reply):
            switch reply.result {
            case .success(let result):
                let offered = DiscoverResult(json: result.value().object ?? [:]).supportedVersions ?? []
                return best(of: offered).map { .offers($0) }
                    ?? .undecided(reason: "server/discover named no modern revision that the client speaks")
            case .failure(let error): return probeOutcome(error)
            }
        }
    }

    private func probeOutcome(_ error: RPCError) -> EraRace.ProbeOutcome {
        if let unsupported = UnsupportedVersion(error) {
            if let common = best(of: unsupported.supported) { return .names(common) }
            let isLegacy = unsupported.supported.compactMap(Revision.init(wireName:)).contains { $0.era == .legacy }
            return isLegacy
                ? .undecided(reason: "the server named only revisions with a handshake") : .noCommonRevision
        }
        // A server that has these codes serves other requests although it refused this one.
        if [.headerMismatch, .missingRequiredClientCapability].contains(error.errorCode) { return .modernError }
        return .undecided(reason: "server/discover was answered with error \(error.code), as legacy servers do")
    }

    static func modernErrorReason(_ error: RPCError?) -> String {
        "the server answered with a modern error: \(error.map { "\($0)" } ?? "unknown")"
    }

    static func namedReason(_ revision: Revision) -> String {
        "the server named \(revision.wireName)"
    }
}

extension EraRace.HandshakeOutcome {
    fileprivate init(_ outcome: Result<Reply, CallFailure>) {
        switch outcome {
        case .success(let reply): self = reply.error == nil ? .accepted : .refused
        case .failure(.ended): self = .closed
        case .failure: self = .failed
        }
    }
}

extension Result<Reply, CallFailure> {
    /// The response, if one came.
    var reply: Reply? {
        if case .success(let reply) = self { reply } else { nil }
    }
}

extension Reply {
    /// The result, if the response is one.
    fileprivate var text: JSONText? {
        if case .success(let text) = result { text } else { nil }
    }

    /// The error, if the response is one.
    var error: RPCError? {
        if case .failure(let error) = result { error } else { nil }
    }
}
