import JSON
import JSONRPC
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct PeerTests {
    private let link = PeerLink()

    // MARK: - Answers to requests of ours

    @Test func aResultReachesItsRequestWithTheFrameAndTheTime() async throws {
        async let reply = link.ask(1)
        _ = await link.sent.next()
        link.clock.advance(by: .milliseconds(250))
        #expect(link.receive(#"{"jsonrpc":"2.0","id":1,"result":{"a":1.0}}"#).isAnswer(to: 1))
        let got = try await reply
        #expect(try got.result.get().description == #"{"a":1.0}"#)
        #expect(got.elapsed == .milliseconds(250))
        #expect(got.frame.bytes.count == 43)
    }

    @Test func anErrorIsPartOfTheReply() async throws {
        async let reply = link.ask("a")
        _ = await link.sent.next()
        _ = link.receive(#"{"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"no"}}"#)
        guard case .failure(let error) = try await reply.result else {
            Issue.record("it is no error")
            return
        }
        #expect(error == RPCError(code: -32601, message: "no"))
    }

    @Test func aResponseWithTheIDInAnotherTypeFailsTheRequestAtOnce() async throws {
        async let failure = link.failure(of: 1)
        _ = await link.sent.next()
        #expect(link.receive(#"{"jsonrpc":"2.0","id":"1","result":{}}"#).isAnswer(to: 1))
        guard case .mismatchedID(let sent, let received, _) = await failure else {
            Issue.record("it failed otherwise")
            return
        }
        #expect(sent == 1)
        #expect(received == "1")
    }

    @Test(
        "a result whose id is not an id fails the only waiting request at once",
        arguments: ["1.0", "null", "[1]", "true"]
    )
    func unaddressedResultOfOnlyRequest(id: String) async throws {
        async let failure = link.failure(of: 1)
        _ = await link.sent.next()
        #expect(link.receive(#"{"jsonrpc":"2.0","id":\#(id),"result":{"x":7}}"#).isAnswer(to: 1))
        guard case .malformed(_, let frame) = await failure else {
            Issue.record("it failed otherwise")
            return
        }
        #expect(String(decoding: frame.bytes, as: UTF8.self).contains(#"{"x":7}"#))
    }

    @Test("a result whose id is not an id fails no request if several wait")
    func unaddressedResultOfSeveralRequests() async throws {
        async let first = link.ask(1)
        _ = await link.sent.next()
        async let second = link.ask(2)
        _ = await link.sent.next()
        let inbound = link.receive(#"{"jsonrpc":"2.0","id":1.0,"result":{}}"#)
        guard case .invalid(nil, _) = inbound else {
            Issue.record("\(inbound)")
            return
        }
        _ = link.receive(#"{"jsonrpc":"2.0","id":1,"result":"a"}"#)
        _ = link.receive(#"{"jsonrpc":"2.0","id":2,"result":"b"}"#)
        #expect(try await first.result.get().string == "a")
        #expect(try await second.result.get().string == "b")
    }

    @Test func aResponseGoesToTheIDOfItsTypeIfBothWait() async throws {
        async let number = link.ask(1)
        _ = await link.sent.next()
        async let string = link.ask("1")
        _ = await link.sent.next()
        _ = link.receive(#"{"jsonrpc":"2.0","id":"1","result":"s"}"#)
        _ = link.receive(#"{"jsonrpc":"2.0","id":1,"result":"n"}"#)
        #expect(try await number.result.get().string == "n")
        #expect(try await string.result.get().string == "s")
    }

    @Test func aMalformedResponseFailsItsRequest() async throws {
        async let failure = link.failure(of: 1)
        _ = await link.sent.next()
        _ = link.receive(#"{"jsonrpc":"2.0","id":1,"error":"no"}"#)
        guard case .malformed(let reason, _) = await failure else {
            Issue.record("it failed otherwise")
            return
        }
        #expect(reason == #""error" is not an object"#)
    }

    @Test func anErrorWithoutIDAnswersTheOnlyRequestThatWaits() async throws {
        async let reply = link.ask(1)
        _ = await link.sent.next()
        #expect(link.receive(#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}"#).isAnswer(to: 1))
        guard case .failure = try await reply.result else {
            Issue.record("it is no error")
            return
        }
    }

    @Test func anErrorWithoutIDAnswersNoRequestWithItsOwnExchange() async throws {
        let link = PeerLink(hasExchanges: true)
        async let reply = link.ask(1)
        _ = await link.sent.next()
        let error = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"no such notification"}}"#
        #expect(link.receive(error).isStray(nil))
        #expect(link.receive(#"{"jsonrpc":"2.0","id":1,"result":{}}"#).isAnswer(to: 1))
        _ = try await reply
    }

    @Test func anErrorWithoutIDIsStrayIfSeveralRequestsWait() async throws {
        async let first = link.failure(of: 1)
        _ = await link.sent.next()
        async let second = link.failure(of: 2)
        _ = await link.sent.next()
        #expect(link.receive(#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"m"}}"#).isStray(nil))
        link.peer.end("over")
        _ = await (first, second)
    }

    @Test func lateRepeatedAndUnknownResponsesAreStray() async throws {
        async let reply = link.ask(1)
        _ = await link.sent.next()
        let answer = #"{"jsonrpc":"2.0","id":1,"result":{}}"#
        _ = link.receive(answer)
        _ = try await reply
        #expect(link.receive(answer).isStray(1))
        #expect(link.receive(#"{"jsonrpc":"2.0","id":"x","result":{}}"#).isStray("x"))
    }

    @Test func aSecondRequestWithTheIDOfAWaitingOneIsNotSent() async throws {
        async let first = link.failure(of: 1)
        _ = await link.sent.next()
        guard case .unsendable = await link.failure(of: 1) else {
            Issue.record("it was sent")
            return
        }
        #expect(link.sent.frames.count == 1)
        link.peer.end("over")
        _ = await first
    }

    @Test func idsChosenByTheCallerAreNotReused() async throws {
        async let failure = link.failure(of: 41)
        _ = await link.sent.next()
        #expect(link.peer.nextID() == 42)
        link.peer.end("over")
        _ = await failure
    }

    @Test func aRequestThatCannotBeSentFails() async throws {
        let peer = Peer(scheduler: FakeClock()) { _, _ in throw CancellationError() }
        await #expect(throws: CallFailure.self) {
            _ = try await peer.request([], id: 1, limits: CallLimits())
        }
    }

    // MARK: - Limits

    @Test func aRequestWithoutAResponseFailsAtItsLimit() async throws {
        async let failure = link.failure(of: 1, limits: CallLimits(request: .seconds(2)))
        _ = await link.sent.next()
        await link.untilArmed()
        link.clock.advance(by: .seconds(2))
        guard case .timeout(.request, let limit) = await failure else {
            Issue.record("it failed otherwise")
            return
        }
        #expect(limit == .seconds(2))
    }

    @Test func progressResetsTheIdleLimitButNotTheRequestLimit() async throws {
        async let failure = link.failure(of: 1, limits: CallLimits(request: .seconds(3), idle: .seconds(1)))
        _ = await link.sent.next()
        await link.untilArmed()
        for _ in 1...4 {
            link.clock.advance(by: .milliseconds(700))
            link.peer.noteActivity(of: 1)
        }
        link.clock.advance(by: .milliseconds(700))
        guard case .timeout(.request, _) = await failure else {
            Issue.record("it failed otherwise")
            return
        }
    }

    @Test func aRequestWithoutProgressFailsAtItsIdleLimit() async throws {
        async let failure = link.failure(of: 1, limits: CallLimits(request: .seconds(9), idle: .seconds(1)))
        _ = await link.sent.next()
        await link.untilArmed()
        link.clock.advance(by: .seconds(1))
        guard case .timeout(.idle, _) = await failure else {
            Issue.record("it failed otherwise")
            return
        }
    }

    @Test func aShorterLimitOfALaterRequestHolds() async throws {
        async let long = link.failure(of: 1, limits: CallLimits(request: .seconds(10)))
        _ = await link.sent.next()
        await link.untilArmed(1)
        async let short = link.failure(of: 2, limits: CallLimits(request: .seconds(1)))
        _ = await link.sent.next()
        await link.untilArmed(2)
        link.clock.advance(by: .seconds(1))
        guard case .timeout(.request, .seconds(1)) = await short else {
            Issue.record("it failed otherwise")
            return
        }
        link.clock.advance(by: .seconds(9))
        guard case .timeout(.request, .seconds(10)) = await long else {
            Issue.record("it failed otherwise")
            return
        }
    }

    // MARK: - Ends

    @Test func cancellingTheTaskEndsTheRequest() async throws {
        let link = link
        let task = Task { await link.failure(of: 1) }
        _ = await link.sent.next()
        task.cancel()
        guard case .cancelled = await task.value else {
            Issue.record("it failed otherwise")
            return
        }
        #expect(link.receive(#"{"jsonrpc":"2.0","id":1,"result":{}}"#).isStray(1))
    }

    @Test func theEndFailsWaitingAndLaterRequestsWithItsReason() async throws {
        async let first = link.failure(of: 1)
        _ = await link.sent.next()
        async let second = link.failure(of: 2)
        _ = await link.sent.next()
        link.peer.end("the server died")
        link.peer.end("something else")
        let third = await link.failure(of: 3)
        for failure in await [first, second, third] {
            guard case .ended("the server died") = failure else {
                Issue.record("it failed otherwise: \(failure)")
                continue
            }
        }
        #expect(link.sent.frames.count == 2)
    }

    // MARK: - Requests of the other side

    @Test func aRequestIsAnsweredOnce() throws {
        #expect(link.receive(#"{"jsonrpc":"2.0","id":1,"method":"m"}"#).request?.method == "m")
        try link.peer.respond(to: 1, with: [1])
        try link.peer.respond(to: 1, with: [2])
        #expect(link.sent.frames == [[1]])
    }

    @Test func anIDInUseIsADuplicateAndFreeAfterTheResponse() throws {
        let request = #"{"jsonrpc":"2.0","id":1,"method":"m"}"#
        #expect(link.receive(request).request != nil)
        #expect(link.receive(request).duplicate?.id == 1)
        #expect(link.receive(#"{"jsonrpc":"2.0","id":"1","method":"m"}"#).request != nil)
        try link.peer.respond(to: 1, with: [])
        #expect(link.receive(request).request != nil)
    }

    @Test func aFinishedInboundRequestIsNotAnswered() throws {
        _ = link.receive(#"{"jsonrpc":"2.0","id":1,"method":"m"}"#)
        #expect(link.peer.finishInbound(1))
        #expect(!link.peer.finishInbound(1))
        try link.peer.respond(to: 1, with: [1])
        #expect(link.sent.frames.isEmpty)
    }

    @Test func aBatchIsReceivedAsItsMessages() throws {
        let batch = #"[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","method":"b"},7]"#
        let inbound = link.receiveAll(batch)
        #expect(inbound.count == 3)
        #expect(inbound.first?.request?.method == "a")
        guard case .notification(let notification) = inbound[1], case .invalid(nil, _) = inbound[2] else {
            Issue.record("they are something else")
            return
        }
        #expect(notification.method == "b")
    }

    @Test func bytesThatAreNotJSONAreNoise() {
        guard case .noise = link.receive("listening on port 80") else {
            Issue.record("it is something else")
            return
        }
    }
}

/// A peer with its clock and what it sent.
private struct PeerLink: Sendable {
    let clock = FakeClock()
    let sent = Mailbox()
    let peer: Peer

    init(hasExchanges: Bool = false) {
        let sent = sent
        peer = Peer(scheduler: clock, hasExchanges: hasExchanges) { bytes, _ in sent.put(bytes) }
    }

    func ask(_ id: RequestID, limits: CallLimits = CallLimits()) async throws(CallFailure) -> Reply {
        try await peer.request(Message.encode(id: id, method: "m", params: nil), id: id, limits: limits)
    }

    func failure(of id: RequestID, limits: CallLimits = CallLimits()) async -> CallFailure {
        do throws(CallFailure) {
            let reply = try await ask(id, limits: limits)
            Issue.record("an answer came: \(reply.result)")
            return .cancelled
        } catch {
            return error
        }
    }

    /// A deadline is armed just after the request left.
    func untilArmed(_ count: Int = 1) async {
        while clock.pendingCount < count { await Task.yield() }
    }

    func receive(_ text: String) -> Inbound {
        receiveAll(text)[0]
    }

    func receiveAll(_ text: String) -> [Inbound] {
        var messages: [Inbound] = []
        peer.receive(Frame(received: Array(text.utf8))) { messages.append($0) }
        return messages
    }
}

extension Inbound {
    fileprivate var request: Message.Request? {
        if case .request(let request) = self { request } else { nil }
    }

    fileprivate var duplicate: Message.Request? {
        if case .duplicateRequest(let request) = self { request } else { nil }
    }

    fileprivate func isAnswer(to id: RequestID) -> Bool {
        if case .answered(id) = self { true } else { false }
    }

    fileprivate func isStray(_ id: RequestID?) -> Bool {
        if case .stray(let stray) = self { stray == id } else { false }
    }
}
