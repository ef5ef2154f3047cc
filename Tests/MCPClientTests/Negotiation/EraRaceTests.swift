import MCP
import Testing

@testable import MCPClient

/// Every order in which the events of a race can come.
@Suite("The detection of an era on a shared connection")
struct EraRaceTests {
    private static let probes: [EraRace.ProbeOutcome] = [
        .offers(.latest), .names(.latest), .modernError, .noCommonRevision, .undecided(reason: "u"),
        .timeout(reason: "t"), .closed, .cancelled,
    ]

    /// One complete run of a race.
    private struct Run {
        var events: [EraRace.Event] = []
        var effects: [EraRace.Effect] = []

        var verdict: EraRace.Verdict? {
            effects.compactMap { if case .finish(let verdict) = $0 { verdict } else { nil } }.first
        }

        func index(of isMatch: (EraRace.Event) -> Bool) -> Int? { events.firstIndex(where: isMatch) }
    }

    /// All runs with these outcomes: each event comes once, when it is possible, in every order.
    private static func runs(_ probe: EraRace.ProbeOutcome, _ handshake: EraRace.HandshakeOutcome) -> [Run] {
        var complete: [Run] = []
        func extend(_ race: EraRace, _ run: Run) {
            var possible: [EraRace.Event] = []
            let isProbeOpen = !run.events.contains(.probe(probe))
            if !run.events.contains(.graceEnded) { possible.append(.graceEnded) }
            if isProbeOpen { possible.append(.probe(probe)) }
            let isHandshakeOpen =
                run.effects.contains(.sendHandshake)
                && !run.events.contains { if case .handshake = $0 { true } else { false } }
            if isHandshakeOpen {
                possible.append(.handshake(handshake, afterProbe: false))
                if isProbeOpen { possible.append(.handshake(handshake, afterProbe: true)) }
            }
            if run.effects.contains(.startSettling), !run.events.contains(.settlingEnded) {
                possible.append(.settlingEnded)
            }
            guard !possible.isEmpty else { return complete.append(run) }
            for event in possible {
                var (race, run) = (race, run)
                run.events.append(event)
                run.effects += race.handle(event)
                extend(race, run)
            }
        }
        extend(EraRace(), Run())
        return complete
    }

    @Test("every order of events ends in one verdict, sends at most one handshake, and nothing follows the verdict")
    func everyOrderEnds() {
        var count = 0
        for probe in Self.probes {
            for handshake in EraRace.HandshakeOutcome.allCases {
                for run in Self.runs(probe, handshake) {
                    count += 1
                    let verdicts = run.effects.filter { if case .finish = $0 { true } else { false } }
                    #expect(verdicts.count == 1, "\(run.events)")
                    #expect(run.effects.last == verdicts.last, "\(run.events)")
                    #expect(run.effects.count { $0 == .sendHandshake } <= 1, "\(run.events)")
                    #expect(run.effects.count { $0 == .startSettling } <= 1, "\(run.events)")
                }
            }
        }
        // 32 pairs of outcomes; the figure shows that the search still covers their orders.
        #expect(count >= 140, "\(count)")
    }

    @Test("a probe that was answered first counts first, even if its event comes second", arguments: probes)
    func heldHandshake(_ probe: EraRace.ProbeOutcome) {
        for handshake in EraRace.HandshakeOutcome.allCases {
            var inOrder = EraRace()
            var reversed = EraRace()
            let grace = [inOrder.handle(.graceEnded), reversed.handle(.graceEnded)]
            #expect(grace[0] == grace[1])
            let expected = inOrder.handle(.probe(probe)) + inOrder.handle(.handshake(handshake, afterProbe: false))
            let held = reversed.handle(.handshake(handshake, afterProbe: true))
            #expect(held == [])
            #expect(reversed.handle(.probe(probe)) == expected)
            #expect(inOrder == reversed)
        }
    }

    @Test("the verdict depends on which response came first and on nothing else", arguments: probes)
    func verdicts(_ probe: EraRace.ProbeOutcome) {
        for handshake in EraRace.HandshakeOutcome.allCases {
            for run in Self.runs(probe, handshake) {
                let expected = Self.verdict(probe, handshake, run)
                #expect(run.verdict == expected, "\(run.events)")
            }
        }
    }

    /// The verdict as the specification and the behavior of real servers demand it.
    private static func verdict(
        _ probe: EraRace.ProbeOutcome,
        _ handshake: EraRace.HandshakeOutcome,
        _ run: Run
    ) -> EraRace.Verdict {
        let probed = run.index { $0 == .probe(probe) } ?? .max
        let shaken = run.index { if case .handshake(_, afterProbe: false) = $0 { true } else { false } } ?? .max
        let held = run.index { if case .handshake(_, afterProbe: true) = $0 { true } else { false } } ?? .max
        let graceEnded = run.index { $0 == .graceEnded } ?? .max
        let settled = run.index { $0 == .settlingEnded } ?? .max
        let isSentBeforeProbe = graceEnded < probed
        if shaken < probed, handshake != .refused {
            return handshake == .closed
                ? .restartLegacy : .legacy(reason: "the server answered initialize before server/discover")
        }
        let isRefusedFirst = shaken < probed
        switch probe {
        case .offers(let revision):
            guard isSentBeforeProbe, !isRefusedFirst, min(shaken, held) < settled else { return .modern(revision) }
            return handshake == .accepted || handshake == .closed ? .restartModern(revision) : .modern(revision)
        case .names(let revision): return .probeAgain(revision)
        case .modernError: return .modernByError
        case .noCommonRevision: return .noCommonRevision
        case .undecided(let reason): return .legacy(reason: reason)
        case .timeout(let reason): return isSentBeforeProbe && !isRefusedFirst ? .probeFailed : .legacy(reason: reason)
        case .closed: return .restartLegacy
        case .cancelled: return .probeFailed
        }
    }
}
