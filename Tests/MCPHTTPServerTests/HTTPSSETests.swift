import JSON
import MCPHTTPServer
import MCPServer
import TestSupport
import Testing

@Suite("HTTP+SSE of the first revision", .timeLimit(.minutes(5)))
struct HTTPSSETests {
    private func change(_ options: inout HTTPServerOptions) {
        options.kind = .sse
        options.path = "/sse"
    }

    @Test("Responses to posted messages are events of the stream")
    func conversation() async throws {
        let ended = Mailbox()
        try await Serving.run(.sample(ended: ended), change: change) { server in
            let stream = try await server.connect()
            stream.send(server.http("GET", "/sse", fields: ["Accept: text/event-stream"]))
            #expect(try await stream.head()["content-type"] == "text/event-stream")
            let first = try #require(try await stream.event())
            #expect(first.type == "endpoint")
            #expect(first.data.hasPrefix("/messages?session="))
            let params: JSONObject = ["protocolVersion": "2024-11-05", "capabilities": [:]]
            let taken = try await server.send(
                server.http("POST", first.data, body: Serving.body("initialize", params, id: 1))
            )
            #expect(taken.status == 202)
            let response = try #require(try await stream.event())
            #expect(response.type == "message")
            #expect(try response.json["result"]?["protocolVersion"] == "2024-11-05")
            _ = try await server.send(server.http("POST", first.data, body: Serving.body("tools/list", id: 2)))
            #expect(try await stream.event()?.json["id"] == 2)
            try await stream.close()
            _ = await ended.next()
            let late = try await server.send(server.http("POST", first.data, body: Serving.body("ping")))
            #expect(late.status == 404)
        }
    }

    @Test("A posted request counts until its response is sent, although its POST was answered before")
    func postedRequestsCount() async throws {
        let (gate, started) = (Gate(), Mailbox())
        let limits = { (options: inout HTTPServerOptions) in
            change(&options)
            options.limits.bufferBytes = 100_000
        }
        try await Serving.run(.sample(gate, started: started), change: limits) { server in
            let stream = try await server.connect()
            stream.send(server.http("GET", "/sse", fields: ["Accept: text/event-stream"]))
            let path = try #require(try await stream.event()).data
            let initialize: JSONObject = ["protocolVersion": "2024-11-05", "capabilities": [:]]
            let handshake = Serving.body("initialize", initialize, id: 1)
            try await server.expect(202, server.http("POST", path, body: handshake))
            _ = try await stream.event()
            let arguments: JSONObject = ["text": .string(String(repeating: "x", count: 60_000))]
            let wait = Serving.body("tools/call", .call("wait", arguments), id: 2)
            try await server.expect(202, server.http("POST", path, body: wait))
            _ = await started.next()
            let say = server.http("POST", path, body: Serving.body("tools/call", .call("say", arguments), id: 3))
            try await server.expect(503, say)
            gate.open()
            #expect(try await stream.event()?.json["id"] == 2)
            while try await server.send(say).status != 202 {}
            #expect(try await stream.event()?.json["id"] == 3)
            try await stream.close()
        }
    }

    @Test("A posted request is one in flight until its response is sent")
    func postedRequestsAreInFlight() async throws {
        let (gate, started) = (Gate(), Mailbox())
        let limits = { (options: inout HTTPServerOptions) in
            change(&options)
            options.limits.requests = 1
        }
        try await Serving.run(.sample(gate, started: started), change: limits) { server in
            let stream = try await server.connect()
            stream.send(server.http("GET", "/sse", fields: ["Accept: text/event-stream"]))
            let path = try #require(try await stream.event()).data
            let initialize: JSONObject = ["protocolVersion": "2024-11-05", "capabilities": [:]]
            let handshake = Serving.body("initialize", initialize, id: 1)
            try await server.expect(202, server.http("POST", path, body: handshake))
            _ = try await stream.event()
            let wait = server.http("POST", path, body: Serving.body("tools/call", .call("wait"), id: 2))
            while try await server.send(wait).status != 202 {}
            _ = await started.next()
            let list = server.http("POST", path, body: Serving.body("tools/list", id: 3))
            try await server.expect(503, list)
            gate.open()
            #expect(try await stream.event()?.json["id"] == 2)
            while try await server.send(list).status != 202 {}
            #expect(try await stream.event()?.json["id"] == 3)
            try await stream.close()
        }
    }

    @Test("Posts to other paths, or without a valid session, are refused")
    func refusals() async throws {
        try await Serving.run(.sample(), change: change) { server in
            let body = Serving.body("ping")
            try await server.expect(405, server.http("POST", "/sse", body: body))
            try await server.expect(404, server.http("POST", "/mcp", body: body))
            try await server.expect(400, server.http("POST", "/messages", body: body))
            try await server.expect(404, server.http("POST", "/messages?session=x", body: body))
            try await server.expect(405, server.http("GET", "/messages?session=x"))
        }
    }
}
