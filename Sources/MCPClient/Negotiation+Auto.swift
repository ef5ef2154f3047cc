import AsyncRuntime
import JSON
import JSONRPC
import MCP

/// The choice of `auto`: the modern question, then the handshake behind it, and whichever is answered first.
extension Negotiation {
    /// What happens while it is not yet clear which era the server belongs to.
    enum Event {
        case probed(Result<Reply, CallFailure>)
        case shaken(Result<Reply, CallFailure>)
        case graceOver
        case settlingOver
    }

    /// What follows from an event.
    enum Decision {
        case agreed(Agreement)
        case failed(ConnectFailure)
        case restartWithoutProbe
        case restartModern(Revision)
        case probeAgain(Revision)
    }

    mutating func probeThenDecide(on link: ClientLink) async throws(ConnectFailure) -> Agreement {
        switch await race(on: link, probing: .latest) {
        case .agreed(let agreement): return agreement
        case .failed(let failure): throw failure
        case .probeAgain(let revision):
            return try await discover(again: revision, on: link, reason: "the server named \(revision.wireName)")
        case .restartModern(let revision):
            await link.close()
            return try await discover(
                at: revision,
                reason: "the server answered server/discover first; started again, for it had taken the handshake too"
            )
        case .restartWithoutProbe:
            await link.close()
            return try await shakeHands(
                on: try await open(),
                at: .latestLegacy,
                reason: "the server ended when it was asked server/discover; started again without that question"
            )
        }
    }

    private mutating func race(on link: ClientLink, probing revision: Revision) async -> Decision {
        let negotiation = self
        let probe = link.peer.nextID()
        return await withTaskGroup(of: Event.self) { group in
            group.addTask { .probed(await negotiation.ask(on: link, at: revision, id: probe)) }
            group.addTask {
                await negotiation.scheduler.wait(for: negotiation.options.limits.probeGrace)
                return .graceOver
            }
            defer { group.cancelAll() }
            var race = Race()
            while let event = await group.next() {
                // An answered probe comes first, also where the task of the handshake was quicker.
                if case .shaken = event, race.probeIsOpen, !link.peer.isWaiting(for: probe) {
                    race.earlyHandshake = event
                    continue
                }
                for event in race.inOrder(event) {
                    let decision = await decide(event, race: &race, link: link, revision: revision)
                    if let decision { return decision }
                }
                if race.modern != nil, !race.isSettling {
                    race.isSettling = true
                    group.addTask {
                        await negotiation.scheduler.wait(for: .seconds(1))
                        return .settlingOver
                    }
                }
                if race.wantsHandshake, !race.handshakeSent {
                    race.handshakeSent = true
                    group.addTask { .shaken(await negotiation.ask(on: link, at: .latestLegacy)) }
                }
            }
            return .failed(fail(.timeout(options.limits.connect)))
        }
    }

    struct Race {
        var wantsHandshake = false
        var handshakeSent = false
        var probeIsOpen = true
        var handshakeError: RPCError?
        /// What came of the handshake before what came of the probe was seen.
        var earlyHandshake: Event?
        /// What the probe brought about while a handshake was under way on the same connection.
        var modern: Agreement?
        var isSettling = false
        var legacyReason = "the server did not answer server/discover in time; initialize was answered first"

        /// The event, and after the probe's the one that waited for it.
        mutating func inOrder(_ event: Event) -> [Event] {
            guard case .probed = event, let handshake = earlyHandshake else { return [event] }
            earlyHandshake = nil
            return [event, handshake]
        }
    }

    private mutating func decide(
        _ event: Event,
        race: inout Race,
        link: ClientLink,
        revision: Revision
    ) async -> Decision? {
        if let modern = race.modern { return settle(event, modern) }
        switch event {
        case .settlingOver: return nil
        case .graceOver:
            if race.probeIsOpen {
                note("server/discover", "no answer yet, so initialize follows on the same connection")
            }
            race.wantsHandshake = true
            return nil
        case .probed(let outcome):
            race.probeIsOpen = false
            return await decide(probe: outcome, race: &race, link: link, revision: revision)
        case .shaken(.success(let reply)):
            if case .failure(let error) = reply.result, race.probeIsOpen {
                // Perhaps a modern server that was slow: its answer to the probe is still to come.
                note("initialize", "error \(error)")
                race.handshakeError = error
                return nil
            }
            return settle { (negotiation) throws(ConnectFailure) in
                try negotiation.conclude(handshake: reply, on: link, at: .latestLegacy, reason: race.legacyReason)
            }
        case .shaken(.failure(let failure)):
            if case .ended = failure, race.probeIsOpen { return .restartWithoutProbe }
            note("initialize", failure.description)
            return .failed(await fail(failure, on: link))
        }
    }

    private mutating func decide(
        probe outcome: Result<Reply, CallFailure>,
        race: inout Race,
        link: ClientLink,
        revision: Revision
    ) async -> Decision? {
        switch outcome {
        case .failure(.cancelled): return .failed(fail(.cancelled))
        case .failure(.ended(let reason)), .failure(.unsendable(let reason, _)):
            // The evidence of a second start says nothing of how the first one ended.
            note("server/discover at \(revision.wireName)", reason)
            return .restartWithoutProbe
        case .failure(let failure):
            note("server/discover at \(revision.wireName)", failure.description)
            if case .timeout = failure, race.handshakeSent { return .failed(await fail(failure, on: link)) }
            race.legacyReason = "server/discover got no usable answer: \(failure)"
            race.wantsHandshake = true
            return nil
        case .success(let reply):
            return decide(probeReply: reply, race: &race, link: link, revision: revision)
        }
    }

    private mutating func decide(
        probeReply reply: Reply,
        race: inout Race,
        link: ClientLink,
        revision: Revision
    ) -> Decision? {
        let asked = "server/discover at \(revision.wireName)"
        switch reply.result {
        case .success(let result):
            let offered = DiscoverResult(json: result.value().object ?? [:]).supportedVersions ?? []
            note(
                asked,
                offered.isEmpty ? "answered without supportedVersions" : "answered: \(offered.joined(separator: ", "))"
            )
            if let common = best(of: offered, wanted: nil) {
                let agreement = agree(
                    link,
                    common,
                    result,
                    "the server answered server/discover and offers \(common.wireName)"
                )
                guard race.handshakeSent, race.handshakeError == nil else { return .agreed(agreement) }
                race.modern = agreement
                return nil
            }
            race.legacyReason = "server/discover named no modern revision that we speak"
        case .failure(let error):
            note(asked, "error \(error)")
            if let unsupported = UnsupportedVersion(error) {
                if let common = best(of: unsupported.supported, wanted: nil) { return .probeAgain(common) }
                let legacy = unsupported.supported.compactMap(Revision.init(wireName:)).contains { $0.era == .legacy }
                guard legacy else {
                    return .failed(fail(.version(offered: unsupported.supported, wanted: revision.wireName)))
                }
                race.legacyReason = "the server named only revisions with a handshake"
            } else if [.headerMismatch, .missingRequiredClientCapability].contains(error.errorCode) {
                // Only a modern server has these codes; it serves other requests though it refused this one.
                return .agreed(
                    agree(link, revision, JSONText([:]), "the server answered with a modern error: \(error)")
                )
            } else {
                race.legacyReason = "server/discover was answered with error \(error.code), as legacy servers do"
            }
        }
        if let error = race.handshakeError { return .failed(fail(.rejected(error))) }
        race.wantsHandshake = true
        return nil
    }

    /// Waits for what becomes of a handshake that the probe overtook.
    ///
    /// A server that took it as well may answer in the legacy way from now on: it is started again and asked only the
    /// modern question. One that refuses it, or says nothing, is modern.
    private mutating func settle(_ event: Event, _ modern: Agreement) -> Decision? {
        switch event {
        case .shaken(.success(let reply)):
            guard case .success = reply.result else { return .agreed(modern) }
            note("initialize", "answered as well")
            return .restartModern(modern.verdict.revision)
        case .shaken(.failure(.ended)):
            note("initialize", "the server ended")
            return .restartModern(modern.verdict.revision)
        case .shaken(.failure), .settlingOver: return .agreed(modern)
        case .graceOver, .probed: return nil
        }
    }

    private mutating func settle(
        _ body: (inout Negotiation) throws(ConnectFailure) -> Agreement
    ) -> Decision {
        do throws(ConnectFailure) {
            return .agreed(try body(&self))
        } catch {
            return .failed(error)
        }
    }
}
