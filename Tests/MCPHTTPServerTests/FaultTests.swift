import JSON
import MCPHTTPServer
import MCPServer
import TestSupport
import Testing

@Suite("Faults that a server injects on purpose", .timeLimit(.minutes(5)))
struct FaultTests {
    @Test(
        "A fault replaces the response",
        arguments: [
            (HTTPFault.page, 200, "text/html"), (.empty, 200, "application/json"), (.unauthorized, 401, nil),
            (.internalError, 500, "text/plain"), (.redirect, 302, nil), (.accepted, 202, nil),
            (.contentType, 200, "text/plain"),
        ] as [(HTTPFault, Int, String?)]
    )
    func replaced(_ fault: HTTPFault, _ status: Int, _ type: String?) async throws {
        try await Serving.run(.sample(), change: { $0.faults = [fault] }) { server in
            let response = try await server.send(server.modern("tools/list"))
            #expect(response.status == status)
            #expect(response["content-type"] == type)
        }
    }

    @Test("With faults limited to tool calls, other requests are served", arguments: HTTPFault.allCases)
    func callsOnly(_ fault: HTTPFault) async throws {
        let change = { (options: inout HTTPServerOptions) in
            (options.faults, options.limitsFaultsToToolCalls) = ([fault], true)
        }
        try await Serving.run(.sample(), change: change) { server in
            let list = try await server.send(server.modern("tools/list"))
            #expect(list.status == 200)
            #expect(try JSONValue(parsing: list.text)["result"]?["tools"] != nil)
        }
    }

    @Test("The response names a session that does not exist")
    func session() async throws {
        try await Serving.run(.sample(), change: { $0.faults = [.session] }) { server in
            let session = try await server.initialize()
            try await server.expect(404, server.legacy("tools/list", session: session))
        }
    }

    @Test("An event stream breaks off in the middle of the response")
    func cutStream() async throws {
        try await Serving.run(.sample(), change: { $0.faults = [.cutStream] }) { server in
            try await server.expect(200, server.modern("tools/list"))
            let connection = try await server.connect()
            connection.send(server.modern("tools/call", .call("say", ["text": "half"]), name: "say"))
            #expect(try await connection.head()["content-type"] == "text/event-stream")
            let half = try #require(try await connection.chunk())
            #expect(half.starts(with: "data: {".utf8))
            #expect(half.last != 0x0A)
            await #expect(throws: RawConnection.Closed.self) { try await connection.chunk() }
        }
    }

    @Test("An event stream stays open after the response")
    func endlessStream() async throws {
        try await Serving.run(.sample(), clock: FakeClock(), change: { $0.faults = [.endlessStream] }) { server in
            let connection = try await server.connect()
            connection.send(server.modern("tools/call", .call("say"), name: "say"))
            _ = try await connection.head()
            #expect(try await connection.event()?.json["result"] != nil)
            server.clock.advance(by: .seconds(15))
            #expect(try await connection.chunk()?.first == UInt8(ascii: ":"))
            try await connection.close()
        }
    }

    @Test("The first byte of a response is delayed")
    func slowFirstByte() async throws {
        try await Serving.run(.sample(), change: { $0.faults = [.slowFirstByte] }) { server in
            let connection = try await server.connect()
            connection.send(server.modern("tools/list"))
            // The timer of the connection and the delayed response.
            await server.clock.untilPending(2)
            server.clock.advance(by: .seconds(5))
            #expect(try await connection.response().status == 200)
        }
    }
}
