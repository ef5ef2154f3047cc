import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import TestSupport
import Testing

@testable import MCPHTTPClient

@Suite(.timeLimit(.minutes(5)))
struct ResumptionTests {
    private static let note = #"{"jsonrpc":"2.0","method":"notifications/progress"}"#

    /// What a server sends before it breaks the stream, and the ID from which the client resumes.
    private static let cuts = [
        (events: "id: a-1\ndata:\n\n", cut: "", id: "a-1"),
        (events: "id: a-1\ndata: \n\n", cut: "id: a-2\nda", id: "a-1"),
        (events: "id: a-1\ndata: \(note)\n\n", cut: "id: a-2\ndata: {\"x\"\n", id: "a-1"),
        (events: "id: a-1\r\ndata:\r\n\r\n", cut: ": alive", id: "a-1"),
        (events: "id: a-1\n\n", cut: "", id: "a-1"),
    ]

    @Test(arguments: cuts, [true, false])
    func brokenLegacyStreamIsResumed(
        _ place: (events: String, cut: String, id: String),
        _ inOrder: Bool
    ) async throws {
        let script = answering { request, connection in
            if request.method == "GET" {
                try await connection.beginEvents()
                try await connection.chunk("id: a-9\ndata: \(result())\n\n")
                return try await connection.endChunks()
            }
            try await connection.beginEvents()
            try await connection.chunk("retry: 250\n" + place.events + place.cut)
            inOrder ? try await connection.endChunks() : connection.close()
        }
        let clock = FakeClock()
        try await withServer(script, clock: clock) { server, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.request())
            #expect(await ledger.nextEvent().contains("resuming"))
            await clock.untilPending(1)
            clock.advance(by: .milliseconds(249))
            #expect(server.requests.count == 1, "not before the delay that the server asked for")
            clock.advance(by: .milliseconds(1))
            #expect(await ledger.nextFrame() == result())
            let request = server.requests[1]
            #expect(request.method == "GET")
            #expect(request.values("Last-Event-ID") == [place.id])
            #expect(request.values("Accept") == ["text/event-stream"])
            #expect(transport.evidence(of: 1)?["resumed"] == 1)
        }
    }

    @Test
    func streamIsResumedAsLongAsEventsArrive() async throws {
        let script = answering { request, connection in
            let number = request["Last-Event-ID"].flatMap { Int($0) } ?? 0
            try await connection.beginEvents()
            try await connection.chunk("retry: 0\nid: \(number + 1)\ndata: \(number == 20 ? result() : Self.note)\n\n")
            try await connection.endChunks()
        }
        let limits = HTTPClientLimits(resumptions: 1)
        try await withServer(
            script,
            endpoint: { HTTPEndpoint(url: $0, limits: limits) },
            clock: FakeClock(isEager: true)
        ) { _, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.request())
            for _ in 0..<20 { #expect(await ledger.nextFrame() == Self.note) }
            #expect(await ledger.nextFrame() == result())
        }
    }

    @Test
    func streamWithoutProgressIsGivenUp() async throws {
        let script = answering { request, connection in
            try await connection.beginEvents()
            if request.method == "POST" { try await connection.chunk("id: 1\ndata: \(Self.note)\n\n") }
            try await connection.endChunks()
        }
        let limits = HTTPClientLimits(resumptions: 3)
        try await withServer(
            script,
            endpoint: { HTTPEndpoint(url: $0, limits: limits) },
            clock: FakeClock(isEager: true)
        ) { server, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.request())
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .broken)
            #expect(failure.message.contains("after 1 event"))
            #expect(server.requests.map(\.method) == ["POST", "GET", "GET", "GET"])
        }
    }

    @Test
    func exitedServerIsNotRetriedUntilTheLimit() async throws {
        let script = answering { _, connection in
            try await connection.beginEvents()
            try await connection.chunk("id: 1\ndata: \(Self.note)\n\n")
            // The stream is open when the server exits, so that no other connection can be reused.
            _ = try await connection.readRequest()
        }
        let clock = FakeClock()
        try await withServer(script, clock: clock) { server, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.request())
            #expect(await ledger.nextFrame() == Self.note)
            server.stop()
            #expect(await ledger.nextEvent().contains("resuming"))
            // Reserved, so that nothing else starts to listen there.
            var port: ReservedPort?
            while port == nil {
                await Task.yield()
                port = try? ReservedPort(server.port, alsoIPv6: false)
            }
            for wait in [1, 2] {
                await clock.untilPending(1)
                clock.advance(by: .seconds(wait))
            }
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .broken)
            #expect(failure.message.contains("nothing is listening"), "\(failure.message)")
            #expect(failure.advice?.contains("start it again") == true)
            #expect(clock.pendingCount == 0)
            withExtendedLifetime(port) {}
        }
    }

    @Test
    func onlyConsecutiveRefusalsMeanThatTheServerIsGone() {
        let (refused, broken) = (TransportFailure(.refused, ""), TransportFailure(.broken, ""))
        var resumption = Resumption(limit: 9)
        let isWorthwhile = [refused, broken, refused].map { resumption.failed($0) }
        #expect(isWorthwhile == [true, true, true])
        resumption.saw(EventStreamEvent(data: [], lastEventID: "1"))
        let isWorthwhileLater = [refused, refused].map { resumption.failed($0) }
        #expect(isWorthwhileLater == [true, false])
    }

    @Test
    func rejectedResumptionFailsTheRequest() async throws {
        let script = answering { request, connection in
            if request.method == "GET" { return try await connection.answer(405, []) }
            try await connection.beginEvents()
            try await connection.chunk("id: 1\ndata: \(Self.note)\n\n")
            try await connection.endChunks()
        }
        try await withServer(script, clock: FakeClock(isEager: true)) { _, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.request())
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .broken)
            #expect(failure.message.contains("405"))
        }
    }

    @Test(arguments: [
        (Revision.latest, "id: 1\ndata: \(note)\n\nda", "in the middle of an event before the response, after 1 event"),
        (.latest, "", "after 0 events"), (.latestLegacy, "data: \(note)\n\n", "after 1 event"),
        (.latestLegacy, "data: x", "in the middle of an event"),
    ])
    func streamThatCannotBeResumedFailsAtOnce(_ revision: Revision, _ sent: String, _ says: String) async throws {
        let script = answering { _, connection in
            try await connection.beginEvents()
            if !sent.isEmpty { try await connection.chunk(sent) }
            connection.close()
        }
        try await withServer(script) { server, transport, ledger in
            transport.settled(on: revision)
            try transport.send(.request(revision: revision.era == .modern ? revision : nil))
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .broken)
            #expect(failure.message.contains(says), "\(failure.message)")
            #expect(server.requests.count == 1)
        }
    }

    @Test
    func streamThatBreaksAfterTheResponseFailsNothing() async throws {
        let script = answering { _, connection in
            try await connection.beginEvents()
            try await connection.chunk("id: 1\ndata: \(result())\n\n")
            connection.close()
        }
        try await withServer(script, clock: FakeClock(isEager: true)) { server, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.request(1))
            #expect(await ledger.nextFrame() == result())
            try transport.send(.request(2))
            #expect(await ledger.nextFrame() == result())
            #expect(server.requests.allSatisfy { $0.method == "POST" })
        }
    }

    @Test
    func openStreamsBeyondTheMaximumAreClosedAndReported() async throws {
        let closed = Gate()
        let script = answering { request, connection in
            try await connection.beginEvents()
            try await connection.chunk("data: \(result())\n\n")
            await connection.untilClosed()
            if request.text.contains("\"id\":1,") { closed.open() }
        }
        try await withServer(script) { _, transport, ledger in
            for id in 1...9 {
                try transport.send(.request(.integer(Int64(id)), revision: .latest))
                #expect(await ledger.nextFrame() == result())
            }
            try await closed.wait()
            #expect(
                ledger.entries.contains {
                    if case .fault(let text, 1, _) = $0 { text.contains("does not close the stream") } else { false }
                }
            )
        }
    }

    @Test
    func streamLeftOpenAfterItsResponseIsReportedOnce() async throws {
        let ended = Gate()
        let script = answering { request, connection in
            try await connection.beginEvents()
            try await connection.chunk("data: \(result())\n\n")
            guard request.text.contains("\"id\":1,") else { return await connection.untilClosed() }
            try await connection.endChunks()
            ended.open()
        }
        let clock = FakeClock()
        try await withServer(script, clock: clock) { _, transport, ledger in
            for id in 1...3 {
                try transport.send(.request(.integer(Int64(id)), revision: .latest))
                #expect(await ledger.nextFrame() == result())
                try await ended.wait()
                clock.advance(by: .milliseconds(1500))
            }
            clock.advance(by: .seconds(2))
            guard case .fault(let text, let request, _) = await ledger.next() else { throw Unexpected(ledger) }
            #expect(text.contains("does not close the stream"))
            #expect(request == 2)
            #expect(clock.pendingCount == 0, "it is reported once, and no check is pending")
        }
    }

    @Test
    func standaloneStreamIsReadAndResumed() async throws {
        let script = answering { request, connection in
            guard request.method == "GET" else { return try await connection.answer(202, []) }
            try await connection.beginEvents()
            guard request["Last-Event-ID"] == nil else { return await connection.untilClosed() }
            try await connection.chunk("id: g-1\ndata: \(Self.note)\n\n")
            try await connection.endChunks()
        }
        let clock = FakeClock()
        try await withServer(script, clock: clock) { server, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.notification(.initialized))
            #expect(await ledger.nextFrame() == Self.note)
            #expect(await ledger.nextEvent().contains("resuming"))
            await clock.untilPending(1)
            clock.advance(by: .seconds(1))
            #expect(await server.requests(3)[2]["Last-Event-ID"] == "g-1")
            #expect(await ledger.nextEvent().contains("is open"))
            #expect(transport.evidence()["server_stream"] == "open")
        }
    }

    @Test
    func abandonedStatelessRequestHasItsStreamClosed() async throws {
        let gate = Gate()
        let script = answering { _, connection in
            try await connection.beginEvents()
            await connection.untilClosed()
            gate.open()
        }
        try await withServer(script) { server, transport, ledger in
            try transport.send(.request(revision: .latest))
            _ = await server.requests(1)
            #expect(transport.abandon(1))
            try await gate.wait()
            #expect(ledger.entries.isEmpty)
        }
    }

    @Test
    func abandonedLegacyRequestPassesOnALateResponse() async throws {
        let gate = Gate()
        let script = answering { _, connection in
            try await gate.wait()
            try await connection.answer(200, body: result())
        }
        try await withServer(script) { server, transport, ledger in
            transport.settled(on: .latestLegacy)
            try transport.send(.request())
            _ = await server.requests(1)
            #expect(!transport.abandon(1))
            gate.open()
            #expect(await ledger.nextFrame() == result())
        }
    }
}
