import JSON
import MCPHTTPServer
import MCPServer
import TestSupport
import Testing

@Suite("HTTP+SSE of the first revision", .timeLimit(.minutes(1)))
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
