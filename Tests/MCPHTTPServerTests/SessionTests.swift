import JSON
import MCP
import MCPHTTPServer
import MCPServer
import MCPTransport
import TestSupport
import Testing

@Suite("Sessions of the legacy era over HTTP", .timeLimit(.minutes(5)))
struct SessionTests {
    @Test("A handshake opens a session whose ID cannot be guessed")
    func handshake() async throws {
        try await Serving.run(.sample()) { server in
            var ids: Set<String> = []
            for _ in 1...20 { ids.insert(try await server.initialize()) }
            #expect(ids.count == 20)
            #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        }
    }

    @Test("A session serves requests and accepts notifications and responses")
    func serving() async throws {
        try await Serving.run(.sample()) { server in
            let session = try await server.initialize()
            let call = try await server.send(
                server.legacy("tools/call", .call("say", ["text": "hi"]), session: session)
            )
            #expect(call.status == 200)
            #expect(try call.json["result"]?["content"]?[0]?["text"] == "hi")
            let unknown = try await server.send(server.legacy("tools/forget", session: session))
            #expect(unknown.status == 200)
            #expect(try unknown.code == -32601)
            for body in [
                #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
                #"{"jsonrpc":"2.0","id":99,"result":{}}"#,
            ] {
                let response = try await server.send(server.http(fields: ["Mcp-Session-Id: \(session)"], body: body))
                #expect(response.status == 202)
                #expect(response.body.isEmpty)
            }
        }
    }

    @Test("A failed handshake opens no session")
    func failedHandshake() async throws {
        try await Serving.run(.sample()) { server in
            let response = try await server.send(server.legacy("initialize", [:], session: nil))
            #expect(response.status == 400)
            #expect(response["mcp-session-id"] == nil)
        }
    }

    @Test(
        "A request without a session is invalid, and one with an unknown session is not found",
        arguments: ["POST", "GET", "DELETE"]
    )
    func noSession(_ method: String) async throws {
        try await Serving.run(.sample()) { server in
            let body = method == "POST" ? Serving.body("tools/list", id: 7) : nil
            let fields = ["Accept: application/json, text/event-stream"]
            let missing = try await server.send(server.http(method, fields: fields, body: body))
            #expect(missing.status == 400)
            let unknown = try await server.send(server.http(method, fields: fields + ["Mcp-Session-Id: x"], body: body))
            #expect(unknown.status == 404)
            if body != nil { #expect(try unknown.json["id"] == 7) }
        }
    }

    @Test("A wrong version in the head is refused, a missing one is accepted")
    func version() async throws {
        try await Serving.run(.sample()) { server in
            let session = try await server.initialize()
            let body = Serving.body("tools/list")
            let fields = ["Mcp-Session-Id: \(session)"]
            let wrong = try await server.send(
                server.http(fields: fields + ["MCP-Protocol-Version: 1999-01-01"], body: body)
            )
            #expect(wrong.status == 400)
            let missing = try await server.send(server.http(fields: fields, body: body))
            #expect(missing.status == 200)
        }
    }

    @Test("DELETE closes a session and cancels its requests")
    func delete() async throws {
        let (started, ended, cancelled) = (Mailbox(), Mailbox(), Mailbox())
        try await Serving.run(.sample(started: started, ended: ended, cancelled: cancelled)) { server in
            let session = try await server.initialize()
            let waiting = try await server.connect()
            waiting.send(server.legacy("tools/call", .call("wait"), session: session))
            _ = await started.next()
            let response = try await server.send(server.http("DELETE", fields: ["Mcp-Session-Id: \(session)"]))
            #expect(response.status == 204)
            _ = await cancelled.next()
            _ = await ended.next()
            #expect(try await waiting.response().status == 404)
            let after = try await server.send(server.legacy("ping", session: session, id: 3))
            #expect(after.status == 404)
        }
    }

    @Test("An idle session is closed, one with an open stream is not")
    func idle() async throws {
        let ended = Mailbox()
        try await Serving.run(.sample(ended: ended), change: { $0.limits.sessionIdle = .seconds(100) }) { server in
            let idle = try await server.initialize()
            let used = try await server.initialize()
            let stream = try await server.connect()
            stream.send(server.http("GET", fields: ["Mcp-Session-Id: \(used)", "Accept: text/event-stream"]))
            _ = try await stream.head()
            server.clock.advance(by: .seconds(101))
            _ = await ended.next()
            try await server.expect(404, server.legacy("ping", session: idle))
            try await server.expect(200, server.legacy("ping", session: used))
            #expect(ended.frames.count == 1)
        }
    }

    @Test("Other principals cannot use a session")
    func foreign() async throws {
        let tokens = Authentication(tokens: [("first", "one"), ("other", "two")])
        try await Serving.run(.sample(), change: { $0.authentication = tokens }) { server in
            let session = try await server.initialize(fields: ["Authorization: Bearer first"])
            let mine = server.legacy("ping", session: session, fields: ["Authorization: bearer first"])
            try await server.expect(200, mine)
            let theirs = server.legacy("ping", session: session, fields: ["Authorization: Bearer other"])
            try await server.expect(404, theirs)
            let nobodys = server.legacy("ping", session: session)
            try await server.expect(401, nobodys)
        }
    }

    @Test("Batches are served if the revision has them, and refused otherwise")
    func batches() async throws {
        try await Serving.run(.sample()) { server in
            let batch = "[\(Serving.body("ping", id: 1)),\(Serving.body("tools/list", id: 2)),17]"
            let old = try await server.initialize("2025-03-26")
            let response = try await server.send(server.http(fields: ["Mcp-Session-Id: \(old)"], body: batch))
            #expect(response.status == 200)
            #expect(try response.json.array?.count == 3)
            let notifications = #"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#
            let none = try await server.send(server.http(fields: ["Mcp-Session-Id: \(old)"], body: notifications))
            #expect(none.status == 202)
            let new = try await server.initialize()
            let refused = try await server.send(server.http(fields: ["Mcp-Session-Id: \(new)"], body: batch))
            #expect(refused.status == 400)
            #expect(try refused.code == -32600)
        }
    }

    @Test("A thousand sessions are open at once, and one beyond the limit is refused")
    func thousand() async throws {
        try await Serving.run(.sample(), change: { $0.limits.sessions = 1000 }) { server in
            let connection = try await server.connect()
            let params: JSONObject = ["protocolVersion": "2025-11-25", "capabilities": [:]]
            var ids: [String] = []
            for id in 1...1000 {
                connection.send(server.legacy("initialize", params, session: nil, id: id))
                ids.append(try await connection.response()["mcp-session-id"] ?? "")
            }
            #expect(Set(ids).count == 1000)
            connection.send(server.legacy("initialize", params, session: nil, id: 1001))
            #expect(try await connection.response().status == 503)
            for id in ids {
                connection.send(server.legacy("ping", session: id))
                #expect(try await connection.response().status == 200)
            }
            connection.send(server.http("DELETE", fields: ["Mcp-Session-Id: \(ids[0])"]))
            #expect(try await connection.response().status == 204)
            connection.send(server.legacy("initialize", params, session: nil, id: 1002))
            #expect(try await connection.response().status == 200)
        }
    }
}
