import MCP

/// Detects the era of a server on a shared connection, as a value: events in, effects out.
///
/// `server/discover` (the probe) is sent first. After a grace period `initialize` (the handshake) follows on the same
/// connection, because some servers never answer an unknown method and others need seconds to start. Whichever is
/// answered first decides.
struct EraRace: Equatable {
    enum Event: Hashable {
        /// The grace period of the probe ended.
        case graceEnded
        /// The probe ended.
        case probe(ProbeOutcome)
        /// The handshake ended. `afterProbe` says that the probe was answered earlier, although its event is still to
        /// come: that happens if the task of the handshake runs first.
        case handshake(HandshakeOutcome, afterProbe: Bool)
        /// The time for the handshake to catch up with a probe that was answered first ended.
        case settlingEnded
    }

    enum ProbeOutcome: Hashable {
        /// The server offers this modern revision.
        case offers(Revision)
        /// The server refuses the revision of the probe and names this modern one.
        case names(Revision)
        /// The server answers with an error that only modern servers have.
        case modernError
        /// The server names only revisions that the client does not speak.
        case noCommonRevision
        /// The response or the failure leaves the era open.
        case undecided(reason: String)
        /// No response came within the limit of connecting.
        case timeout(reason: String)
        /// The connection closed.
        case closed
        /// Connecting was cancelled.
        case cancelled
    }

    enum HandshakeOutcome: Hashable, CaseIterable {
        /// The server answered with a result.
        case accepted
        /// The server answered with an error.
        case refused
        /// The connection closed.
        case closed
        /// The request failed in another way.
        case failed
    }

    enum Effect: Hashable {
        /// Record the event as a step of the connection.
        case record(Event)
        /// Send `initialize`.
        case sendHandshake
        /// Start the time after which ``Event/settlingEnded`` follows.
        case startSettling
        /// End the race.
        case finish(Verdict)
    }

    enum Verdict: Hashable {
        /// Speak this modern revision.
        case modern(Revision)
        /// Speak the modern revision of the probe.
        case modernByError
        /// Send `server/discover` again, in the revision that the server named.
        case probeAgain(Revision)
        /// Finish the handshake or fail with its error.
        case legacy(reason: String)
        /// Restart the server and send only `server/discover`: it accepted the handshake after the probe, and some
        /// servers then stay in the legacy era.
        case restartModern(Revision)
        /// Restart the server and send only `initialize`: the probe ended it.
        case restartLegacy
        /// Fail because no revision is common.
        case noCommonRevision
        /// Fail with the failure of the probe.
        case probeFailed
    }

    private enum Phase: Hashable {
        /// The probe waits; the handshake is not sent.
        case probing
        /// Both wait.
        case racing
        /// The handshake ended; the probe was answered before it, but its event is still to come.
        case held(HandshakeOutcome)
        /// The server refused the handshake; the probe waits.
        case refused
        /// The probe left the era open; the handshake waits.
        case handshaking(reason: String)
        /// The probe was answered first with this revision; the handshake waits.
        case settling(Revision)
        case finished
    }

    private var phase = Phase.probing

    /// Whether the race waits for the response to the probe.
    var isProbeOpen: Bool {
        switch phase {
        case .probing, .racing, .refused: true
        case .held, .handshaking, .settling, .finished: false
        }
    }

    /// Takes an event and says what has to be done, in this order.
    mutating func handle(_ event: Event) -> [Effect] {
        switch (phase, event) {
        case (.probing, .graceEnded):
            phase = .racing
            return [.record(event), .sendHandshake]
        case (.probing, .probe(let outcome)), (.racing, .probe(let outcome)), (.refused, .probe(let outcome)):
            return [.record(event)] + handleProbe(outcome)
        case (.racing, .handshake(let outcome, afterProbe: true)):
            phase = .held(outcome)
            return []
        case (.racing, .handshake(let outcome, afterProbe: false)):
            return [.record(event)] + handleHandshake(outcome)
        case (.held(let outcome), .probe):
            phase = .racing
            let effects = handle(event)
            return phase == .finished ? effects : effects + handle(.handshake(outcome, afterProbe: false))
        case (.handshaking(let reason), .handshake):
            return [.record(event), finish(.legacy(reason: reason))]
        case (.settling(let revision), .handshake(let outcome, _)):
            // A server that accepts both may stay in the legacy era from now on; one that refuses is modern.
            let isSpoiled = outcome == .accepted || outcome == .closed
            return [.record(event), finish(isSpoiled ? .restartModern(revision) : .modern(revision))]
        case (.settling(let revision), .settlingEnded): return [finish(.modern(revision))]
        default: return []
        }
    }

    private mutating func handleProbe(_ outcome: ProbeOutcome) -> [Effect] {
        switch (outcome, phase) {
        case (.offers(let revision), .racing):
            phase = .settling(revision)
            return [.startSettling]
        case (.offers(let revision), _): return [finish(.modern(revision))]
        case (.names(let revision), _): return [finish(.probeAgain(revision))]
        case (.modernError, _): return [finish(.modernByError)]
        case (.noCommonRevision, _): return [finish(.noCommonRevision)]
        case (.closed, _): return [finish(.restartLegacy)]
        case (.cancelled, _), (.timeout, .racing): return [finish(.probeFailed)]
        case (.undecided(let reason), .refused), (.timeout(let reason), .refused):
            return [finish(.legacy(reason: reason))]
        case (.undecided(let reason), .probing), (.timeout(let reason), .probing):
            phase = .handshaking(reason: reason)
            return [.sendHandshake]
        case (.undecided(let reason), _), (.timeout(let reason), _):
            phase = .handshaking(reason: reason)
            return []
        }
    }

    private mutating func handleHandshake(_ outcome: HandshakeOutcome) -> [Effect] {
        switch outcome {
        case .accepted, .failed:
            return [finish(.legacy(reason: "the server answered initialize before server/discover"))]
        case .closed: return [finish(.restartLegacy)]
        case .refused:
            // It may be a modern server that is slow: the response to the probe is still to come.
            phase = .refused
            return []
        }
    }

    private mutating func finish(_ verdict: Verdict) -> Effect {
        phase = .finished
        return .finish(verdict)
    }
}
