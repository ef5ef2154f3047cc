import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ResponseTests {
    @Test
    func jsonBodyIsTheResponseToItsRequest() async throws {
        try await withServer(answering { _, connection in try await connection.answer(200, body: result()) }) {
            server,
            transport,
            ledger in
            try transport.send(.request(revision: .latest))
            guard case .frame(let text, let request) = await ledger.next() else { throw Unexpected(ledger) }
            #expect(text == result())
            #expect(request == 1)
            let evidence = try #require(transport.evidence(of: 1))
            #expect(evidence["status"] == 200)
            #expect(evidence["method"] == "POST")
            #expect(evidence["http_version"] == "1.1")
            #expect(evidence["body"] == nil, "a message is kept by the transcript")
            #expect(evidence["remote_address"] == .string("127.0.0.1:\(server.port)"))
        }
    }

    @Test
    func eachEventOfAStreamIsAFrame() async throws {
        let note = #"{"jsonrpc":"2.0","method":"notifications/progress"}"#
        let script = answering { _, connection in
            try await connection.beginEvents()
            try await connection.chunk(": alive\n\ndata: \(note)\n\nda")
            try await connection.chunk("ta: \(result())\n\n")
            try await connection.endChunks()
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFrame() == note)
            #expect(await ledger.nextFrame() == result())
            #expect(transport.evidence(of: 1)?["events"] == 2)
        }
    }

    @Test
    func errorMessageIsPassedOnAndItsStatusIsKept() async throws {
        let error = #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}"#
        try await withServer(answering { _, connection in try await connection.answer(404, body: error) }) {
            _,
            transport,
            ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFrame() == error)
            #expect(transport.evidence(of: 1)?["status"] == 404)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var type: String?
        var body: String
        var kind: TransportFailure.Kind
        var says: String

        var testDescription: String { "\(status) \(type ?? "-") \(body.prefix(10))" }
    }

    @Test(arguments: [
        Case(status: 200, type: "text/html", body: "<html>Hi</html>", kind: .content, says: "a web page (text/html)"),
        Case(status: 200, type: "application/json", body: "", kind: .content, says: "an empty body"),
        Case(status: 202, type: nil, body: "", kind: .content, says: "202 promises none"),
        Case(status: 204, type: nil, body: "", kind: .content, says: "an empty body"),
        Case(
            status: 200,
            type: "application/json",
            body: "{\"id\":1,",
            kind: .content,
            says: "a body that is not valid JSON"
        ),
        Case(
            status: 200,
            type: "application/json",
            body: "{\"ok\":true}",
            kind: .content,
            says: "JSON that is not a JSON-RPC message"
        ),
        Case(status: 200, type: "text/plain", body: "pong", kind: .content, says: "a body that is not JSON-RPC"),
        Case(
            status: 302,
            type: nil,
            body: "",
            kind: .redirected,
            says: "https://login.example/?token=‹redacted:query›"
        ),
        Case(status: 401, type: "application/json", body: "{\"error\":\"x\"}", kind: .unauthorized, says: "401"),
        Case(status: 403, type: "text/plain", body: "no", kind: .forbidden, says: "403"),
        Case(status: 404, type: "text/plain", body: "Not Found", kind: .status, says: "404"),
        Case(status: 405, type: nil, body: "", kind: .status, says: "405"),
        Case(status: 406, type: nil, body: "", kind: .status, says: "406"),
        Case(status: 415, type: nil, body: "", kind: .status, says: "415"),
        Case(status: 421, type: "text/plain", body: "Invalid Host", kind: .status, says: "421"),
        Case(status: 500, type: "text/plain", body: "Internal Server Error", kind: .status, says: "500"),
    ])
    func responseThatIsNotAMessageIsDescribed(_ fault: Case) async throws {
        let script = answering { _, connection in
            var fields = [(name: "Location", value: "https://user:pw@login.example/?token=abc")]
            if let type = fault.type { fields.append((name: "Content-Type", value: type)) }
            try await connection.answer(fault.status, fields, body: fault.body)
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            let failure = await ledger.nextFailure()
            #expect(failure.kind == fault.kind)
            #expect(failure.message.contains(fault.says), "\(failure.message)")
            #expect(failure.evidence["status"] == .number(JSONNumber(fault.status)))
            if !fault.body.isEmpty { #expect(failure.evidence["body"] == .string(fault.body)) }
            #expect(!"\(failure)\(failure.evidence)".contains("abc"))
        }
    }

    @Test
    func webPageThatNeverEndsIsReportedAtOnce() async throws {
        let script = answering { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n<html>"
            )
            await connection.untilClosed()
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .content)
            #expect(failure.evidence["body"] == "<html>")
        }
    }

    @Test
    func messageWithAWrongContentTypeIsAcceptedAndReported() async throws {
        let script = answering { _, connection in
            try await connection.answer(200, [("Content-Type", "text/plain")], body: result())
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFault().contains("text/plain"))
            #expect(await ledger.nextFrame() == result())
        }
    }

    @Test
    func resultWithAnErrorStatusIsAcceptedAndReported() async throws {
        try await withServer(answering { _, connection in try await connection.answer(500, body: result()) }) {
            _,
            transport,
            ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFault().contains("a result with status 500"))
            #expect(await ledger.nextFrame() == result())
        }
    }

    @Test
    func ignoredEventTypeIsNamedInTheFailure() async throws {
        let script = answering { _, connection in
            try await connection.beginEvents()
            try await connection.chunk("event: answer\ndata: \(result())\n\n")
            try await connection.endChunks()
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            let failure = await ledger.nextFailure()
            #expect(failure.message.contains("an event had the type \"answer\""), "\(failure.message)")
            #expect(failure.advice?.contains("of type message") == true)
        }
    }

    @Test
    func headersBeyondTheLimitAreReported() async throws {
        let script = answering { _, connection in
            try await connection.answer(200, [("X-Large", String(repeating: "a", count: 200_000))], body: result())
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFailure().kind == .tooLarge)
        }
    }

    @Test
    func redirectWithoutALocationIsReported() async throws {
        try await withServer(answering { _, connection in try await connection.answer(301, [], body: "") }) {
            _,
            transport,
            ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFailure().advice?.contains("Location") == true)
        }
    }

    @Test
    func responseWithAnotherIDFailsTheRequest() async throws {
        try await withServer(answering { _, connection in try await connection.answer(200, body: result(7)) }) {
            _,
            transport,
            ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFrame() == result(7))
            #expect(await ledger.nextFailure().message.contains("the response to request 7"))
        }
    }

    @Test(arguments: [200, 202, 204])
    func acceptedNotificationIsNotReported(_ status: Int) async throws {
        let script = answering { request, connection in
            request.text.contains("\"id\"")
                ? try await connection.answer(200, body: result()) : try await connection.answer(status, [])
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.notification(.rootsListChanged))
            try transport.send(.notification(.rootsListChanged))
            try transport.send(.request(revision: .latest))
            guard case .frame = await ledger.next() else { throw Unexpected(ledger) }
        }
    }

    @Test
    func responseToANotificationIsAFault() async throws {
        try await withServer(answering { _, connection in try await connection.answer(200, body: result()) }) {
            _,
            transport,
            ledger in
            try transport.send(.notification(.rootsListChanged))
            #expect(await ledger.nextFrame() == result())
            #expect(await ledger.nextFault().contains("with a body; expected none"))
        }
    }

    @Test
    func rejectedNotificationIsAFault() async throws {
        try await withServer(answering { _, connection in try await connection.answer(500, [], body: "oh") }) {
            _,
            transport,
            ledger in
            try transport.send(.notification(.rootsListChanged))
            #expect(await ledger.nextFault().contains("notifications/roots/list_changed was rejected"))
        }
    }

    @Test
    func errorForANotificationIsNotTheResponseToARequest() async throws {
        let answered = Gate()
        let script = answering { request, connection in
            if request.text.contains("roots") {
                let error = #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"no such session"}}"#
                try await connection.answer(404, body: error)
            } else {
                try await answered.wait()
                try await connection.answer(200, body: result())
            }
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(1, revision: .latest))
            try transport.send(.notification(.rootsListChanged))
            guard case .fault(let text, _, let evidence) = await ledger.next() else { throw Unexpected(ledger) }
            #expect(text.contains("notifications/roots/list_changed was rejected"))
            #expect(evidence["body"]?.string?.contains("no such session") == true, "\(evidence)")
            answered.open()
            #expect(await ledger.nextFrame() == result())
        }
    }

    @Test
    func unansweredNotificationDoesNotBlockTheNext() async throws {
        let clock = FakeClock()
        let script = answering { request, connection in
            if request.text.contains("roots") { await connection.untilClosed() }
            try await connection.answer(202, [])
        }
        try await withServer(script, clock: clock) { server, transport, ledger in
            try transport.send(.notification(.rootsListChanged))
            try transport.send(.notification(.initialized))
            _ = await server.requests(1)
            await clock.untilPending(1)
            clock.advance(by: .seconds(5))
            #expect(
                await ledger.nextFault().contains(
                    "did not respond to the POST of notifications/roots/list_changed within 5 s"
                )
            )
            #expect(await server.requests(2)[1].text.contains("initialized"))
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\"",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n",
    ])
    func responseThatBreaksOffIsReportedAtOnce(_ beginning: String) async throws {
        let script = answering { _, connection in
            try await connection.send(beginning)
            connection.close()
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFailure().kind == .broken)
        }
    }

    @Test
    func invalidHTTPIsReportedAtOnce() async throws {
        let script = answering { _, connection in
            try await connection.send("SSH-2.0-OpenSSH_9.6\r\n")
            await connection.untilClosed()
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .content)
            #expect(failure.message.contains("not valid HTTP"))
        }
    }
}

/// The test received something else than it waits for.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ ledger: Ledger) {
        description = "received: \(ledger.entries)"
    }
}
