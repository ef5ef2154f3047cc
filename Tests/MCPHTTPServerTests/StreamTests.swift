import JSON
import MCP
import MCPHTTPServer
import MCPServer
import MCPTransport
import TestSupport
import Testing

@Suite("Event streams of the legacy era, and resuming them", .timeLimit(.minutes(5)))
struct StreamTests {
    @Test("Since 2025-11-25 a stream begins with an event ID for resuming it")
    func priming() async throws {
        let gate = Gate()
        gate.open()
        try await Serving.run(.sample(gate)) { server in
            for (version, isPrimed) in [("2025-11-25", true), ("2025-06-18", false)] {
                let session = try await server.initialize(version)
                let connection = try await server.connect()
                let call = Serving.body("tools/call", .call("notify"))
                connection.send(server.http(fields: ["Mcp-Session-Id: \(session)"], body: call))
                #expect(try await connection.head()["content-type"] == "text/event-stream")
                var events: [RawEvent] = []
                while let event = try await connection.event() { events.append(event) }
                #expect(events.first?.data.isEmpty == isPrimed)
                #expect(events.allSatisfy { $0.id != nil })
                #expect(try events.last?.json["result"] != nil)
            }
        }
    }

    @Test("A client that lost a stream gets the rest of it, wherever it broke off", arguments: 0...3)
    func resumption(_ seen: Int) async throws {
        let gate = Gate()
        try await Serving.run(.sample(gate)) { server in
            let session = try await server.initialize()
            let connection = try await server.connect()
            connection.send(server.legacy("tools/call", .call("notify"), session: session))
            // The priming event, one and two; then the connection is lost.
            let first = try #require(try await connection.event())
            var events = [first]
            for _ in 0..<min(seen, 2) { events.append(try #require(try await connection.event())) }
            if seen == 3 {
                gate.open()
                events.append(try #require(try await connection.event()))
            }
            try await connection.close()
            let again = try await server.connect()
            let last = try #require(events.last?.id)
            let fields = ["Mcp-Session-Id: \(session)", "Accept: text/event-stream", "Last-Event-ID: \(last)"]
            again.send(server.http("GET", fields: fields))
            #expect(try await again.head().status == 200)
            gate.open()
            while let event = try await again.event() { events.append(event) }
            let logged = try events.dropFirst().dropLast().map { try $0.json["params"]?["data"]?.string }
            #expect(logged == ["one", "two", "three"])
            #expect(try events.last?.json["result"]?["content"]?[0]?["text"] == "notified")
            #expect(Set(events.map(\.id)).count == 5)
        }
    }

    @Test("Resuming after an event that was dropped or never existed is refused")
    func eviction() async throws {
        let gate = Gate()
        gate.open()
        try await Serving.run(.sample(gate), change: { $0.limits.replayBytes = 600 }) { server in
            let session = try await server.initialize()
            var ids: [String] = []
            for id in 1...2 {
                let connection = try await server.connect()
                connection.send(server.legacy("tools/call", .call("notify"), session: session, id: id))
                ids.append(try #require(try await connection.event()?.id))
                while try await connection.event() != nil {}
            }
            let fields = { (id: String) in
                ["Mcp-Session-Id: \(session)", "Accept: text/event-stream", "Last-Event-ID: \(id)"]
            }
            for lost in [ids[0], "7.1", "nonsense", "1.-4"] {
                let response = try await server.send(server.http("GET", fields: fields(lost)))
                #expect(response.status == 400)
            }
        }
    }

    @Test("A client that resumes a released stream gets the response")
    func pausing() async throws {
        let gate = Gate()
        try await Serving.run(.sample(gate)) { server in
            let session = try await server.initialize()
            let connection = try await server.connect()
            connection.send(server.legacy("tools/call", .call("pause"), session: session))
            var events: [RawEvent] = []
            while let event = try await connection.event() { events.append(event) }
            #expect(events.last?.retry == "50")
            #expect(events.allSatisfy { $0.data.isEmpty && $0.id != nil })
            gate.open()
            let id = try #require(events.last?.id)
            let fields = ["Mcp-Session-Id: \(session)", "Accept: text/event-stream", "Last-Event-ID: \(id)"]
            connection.send(server.http("GET", fields: fields))
            #expect(try await connection.event()?.json["result"]?["content"]?[0]?["text"] == "paused")
            #expect(try await connection.event() == nil)
        }
    }

    @Test("A client that disconnects does not cancel its request")
    func leaving() async throws {
        let (gate, started, cancelled) = (Gate(), Mailbox(), Mailbox())
        try await Serving.run(.sample(gate, started: started, cancelled: cancelled)) { server in
            let session = try await server.initialize()
            let connection = try await server.connect()
            connection.send(server.legacy("tools/call", .call("wait"), session: session))
            _ = await started.next()
            try await connection.close()
            _ = try await server.send(server.legacy("ping", session: session, id: 2))
            #expect(cancelled.frames.isEmpty)
            gate.open()
        }
    }

    @Test("A cancelled request has no response, but its stream ends")
    func cancelling() async throws {
        let (started, cancelled) = (Mailbox(), Mailbox())
        try await Serving.run(.sample(started: started, cancelled: cancelled)) { server in
            let session = try await server.initialize()
            let connection = try await server.connect()
            connection.send(server.legacy("tools/call", .call("wait"), session: session, id: 5))
            _ = await started.next()
            let body = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}"#
            _ = try await server.send(server.http(fields: ["Mcp-Session-Id: \(session)"], body: body))
            _ = await cancelled.next()
            #expect(try await connection.head()["content-type"] == "text/event-stream")
            #expect(try await connection.event() == nil)
        }
    }

    @Test("A session has one stream of its own, which begins with the messages that no client has received")
    func ownStream() async throws {
        let links = Links()
        try await Serving.run(links.make(.sample())) { server in
            let session = try await server.initialize("2025-06-18")
            links.last?.send(.notification(Array(#"{"n":1}"#.utf8)))
            let get = server.http("GET", fields: ["Mcp-Session-Id: \(session)", "Accept: text/event-stream"])
            let stream = try await server.connect()
            stream.send(get)
            #expect(try await stream.head().status == 200)
            #expect(try await stream.event()?.data == #"{"n":1}"#)
            try await server.expect(409, get)
            links.last?.send(.notification(Array(#"{"n":2}"#.utf8)))
            let second = try #require(try await stream.event())
            #expect(second.data == #"{"n":2}"#)
            links.last?.send(.notification(Array(#"{"n":3}"#.utf8)))
            // A client that resumes replaces a connection that the server does not know to be lost.
            let fields = [
                "Mcp-Session-Id: \(session)", "Accept: text/event-stream", "Last-Event-ID: \(try #require(second.id))",
            ]
            let again = try await server.connect()
            again.send(server.http("GET", fields: fields))
            #expect(try await again.event()?.data == #"{"n":3}"#)
            while try await stream.event() != nil {}
        }
    }

    @Test("A GET that does not accept events is refused")
    func accept() async throws {
        try await Serving.run(.sample()) { server in
            let session = try await server.initialize()
            let fields = ["Mcp-Session-Id: \(session)", "Accept: application/json"]
            try await server.expect(406, server.http("GET", fields: fields))
        }
    }

    @Test("A quiet stream is kept alive with comments")
    func keepAlive() async throws {
        try await Serving.run(.sample()) { server in
            let session = try await server.initialize("2025-06-18")
            let stream = try await server.connect()
            stream.send(server.http("GET", fields: ["Mcp-Session-Id: \(session)", "Accept: text/event-stream"]))
            _ = try await stream.head()
            server.clock.advance(by: .seconds(15))
            #expect(try await stream.chunk()?.first == UInt8(ascii: ":"))
        }
    }
}
