import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HeaderTests {
    private static let accepting = answering { request, connection in
        switch request.method {
        case "POST" where request.text.contains("\"initialize\""):
            try await connection.answer(
                200,
                [("Content-Type", "application/json"), ("Mcp-Session-Id", "session-0123456789")],
                body: result()
            )
        case "POST" where request.text.contains("\"id\""): try await connection.answer(200, body: result())
        case "POST": try await connection.answer(202, [])
        case "GET": try await connection.answer(405, [])
        default: try await connection.answer(200, [])
        }
    }

    @Test
    func statelessRequestHasHeadersForRevisionMethodNameAndArguments() async throws {
        try await withServer(Self.accepting) { server, transport, ledger in
            let arguments = [(field: "Region", value: "Hello, 世界"), (field: "N", value: "42")]
            try transport.send(.request(1, .toolsCall, name: " padded ", revision: .latest, arguments: arguments))
            _ = await ledger.nextFrame()
            let request = try #require(server.requests.first)
            #expect(request.target == "/mcp")
            #expect(request.values("Host") == ["127.0.0.1:\(server.port)"])
            #expect(request.values("Content-Type") == ["application/json"])
            #expect(request.values("Accept") == ["application/json, text/event-stream"])
            #expect(request.values("MCP-Protocol-Version") == [Revision.latest.wireName])
            #expect(request.values("Mcp-Method") == ["tools/call"])
            #expect(request.values("Mcp-Name") == ["=?base64?IHBhZGRlZCA=?="])
            #expect(request.values("Mcp-Param-Region") == ["=?base64?SGVsbG8sIOS4lueVjA==?="])
            #expect(request.values("Mcp-Param-N") == ["42"])
            #expect(request["Mcp-Session-Id"] == nil)
        }
    }

    @Test(arguments: [(Revision.v2025_11_25, true), (.v2025_06_18, true), (.v2025_03_26, false)])
    func legacyRequestHasHeadersForSessionAndRevisionOnceTheyAreKnown(_ revision: Revision, _ hasHeader: Bool)
        async throws
    {
        try await withServer(Self.accepting) { server, transport, ledger in
            try transport.send(.request(1, .initialize))
            _ = await ledger.nextFrame()
            transport.settled(on: revision)
            try transport.send(.notification(.initialized))
            try transport.send(.request(2, .toolsList))
            _ = await ledger.nextFrame()
            let requests = await server.requests(4)
            #expect(requests[0]["MCP-Protocol-Version"] == nil)
            #expect(requests[0]["Mcp-Session-Id"] == nil)
            #expect(
                requests[1].text.contains("notifications/initialized"),
                "later requests wait for the end of the handshake"
            )
            for request in requests[1...] {
                #expect(
                    request.values("MCP-Protocol-Version") == (hasHeader ? [revision.wireName] : []),
                    "\(request.method)"
                )
                #expect(request.values("Mcp-Session-Id") == ["session-0123456789"], "\(request.method)")
                #expect(request["Mcp-Method"] == nil)
            }
            let get = try #require(requests.first { $0.method == "GET" })
            #expect(get["Accept"] == "text/event-stream")
        }
    }

    @Test
    func closingEndsTheSessionAtTheServer() async throws {
        let server = try ScriptedHTTPServer(Self.accepting)
        defer { server.stop() }
        let transport = HTTPClientTransport(HTTPEndpoint(url: server.url()), scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(1, .initialize))
        _ = await ledger.nextFrame()
        let end = await transport.close()
        #expect(end.cause == .closedByUs)
        #expect(end.evidence["session_ended"] == "DELETE returned 200")
        let request = try #require(server.requests.last)
        #expect(request.method == "DELETE")
        #expect(request["Mcp-Session-Id"] == "session-0123456789")
        #expect(throws: TransportFailure.self) { try transport.send(.request()) }
    }

    @Test
    func newHandshakeStartsWithoutTheOldSession() async throws {
        try await withServer(Self.accepting) { server, transport, ledger in
            for id in [1, 2] {
                try transport.send(.request(.integer(Int64(id)), .initialize))
                _ = await ledger.nextFrame()
                transport.settled(on: .latestLegacy)
            }
            #expect(server.requests.allSatisfy { $0["Mcp-Session-Id"] == nil && $0["MCP-Protocol-Version"] == nil })
        }
    }

    @Test
    func unknownSessionIsReportedAsLost() async throws {
        let error = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}"#
        let script = answering { request, connection in
            guard request["Mcp-Session-Id"] == nil else { return try await connection.answer(404, body: error) }
            try await connection.answer(
                200,
                [("Content-Type", "application/json"), ("Mcp-Session-Id", "session-0123456789")],
                body: result()
            )
        }
        try await withServer(script) { _, transport, ledger in
            try transport.send(.request(1, .initialize))
            _ = await ledger.nextFrame()
            try transport.send(.request(2, .toolsList))
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .sessionLost)
            #expect(!"\(failure.evidence)".contains("session-0123456789"), "a session ID is not shown in full")
        }
    }

    @Test
    func userHeadersAreSentWithEveryRequestAndNotShown() async throws {
        let headers = [HTTPField("X-Tenant", "acme-s3cret"), HTTPField("Authorization", "Bearer t0ken")]
        try await withServer(Self.accepting, endpoint: { HTTPEndpoint(url: $0, headers: headers) }) {
            server,
            transport,
            ledger in
            try transport.send(
                .request(1, .initialize, fields: [("MCP-Protocol-Version", "1999-01-01"), ("X-Call", "1")])
            )
            _ = await ledger.nextFrame()
            transport.settled(on: .latestLegacy)
            try transport.send(.notification(.initialized))
            for request in await server.requests(3) {
                #expect(request.values("X-Tenant") == ["acme-s3cret"])
                #expect(request.values("Authorization") == ["Bearer t0ken"])
            }
            #expect(server.requests[0].values("MCP-Protocol-Version") == ["1999-01-01"])
            #expect(server.requests[0]["X-Call"] == "1")
            let shown = "\(transport.evidence()) \(transport.evidence(of: 1) ?? [:])"
            #expect(shown.contains("X-Tenant"))
            #expect(!shown.contains("s3cret"))
            #expect(!shown.contains("t0ken"))
        }
    }

    @Test
    func userInformationOfTheURLBecomesAHeaderThatIsNotShown() async throws {
        let withUser = { (url: String) in HTTPEndpoint(url: url.replacing("http://", with: "http://me:hunter2@")) }
        try await withServer(Self.accepting, endpoint: withUser) { server, transport, ledger in
            try transport.send(.request(revision: .latest))
            _ = await ledger.nextFrame()
            #expect(server.requests[0]["Authorization"] == "Basic bWU6aHVudGVyMg==")
            #expect(!"\(transport.evidence())".contains("hunter2"))
            #expect(!"\(transport.evidence())".contains("bWU6"))
        }
    }

    @Test(arguments: [
        HTTPField("Content-Length", "1"), HTTPField("accept", "x"), HTTPField("Mcp-Session-Id", "x"),
        HTTPField("MCP-PROTOCOL-VERSION", "x"), HTTPField("Mcp-Param-X", "x"), HTTPField("a b", "x"),
        HTTPField("", "x"),
        HTTPField("X", "a\r\nY: b"),
    ])
    func reservedAndInvalidHeadersAreRejected(_ field: HTTPField) async {
        let endpoint = HTTPEndpoint(url: "http://localhost:1/", headers: [field])
        #expect(endpoint.fault?.kind == .usage)
        let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
        await #expect(throws: TransportFailure.self) { try await transport.open(Ledger()) }
    }

    @Test
    func invalidHeaderOfOneCallIsRejected() async throws {
        try await withServer(Self.accepting) { _, transport, _ in
            #expect(throws: TransportFailure.self) {
                try transport.send(.request(fields: [("X", "a\nb")]))
            }
        }
    }

    @Test
    func redirectsAreFollowedIfEnabledAndOnlyWithinTheOrigin() async throws {
        let script = answering { request, connection in
            switch request.target {
            case "/mcp": try await connection.answer(307, [("Location", "/mcp/")])
            case "/mcp/": try await connection.answer(200, body: result())
            default: try await connection.answer(307, [("Location", "http://other.example/mcp")])
            }
        }
        try await withServer(script) { server, transport, ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFailure().evidence["location"] == "/mcp/")
            #expect(server.requests.count == 1)
        }
        try await withServer(script, endpoint: { HTTPEndpoint(url: $0, followsRedirects: true) }) {
            server,
            transport,
            ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFrame() == result())
            #expect(server.requests.map(\.method) == ["POST", "POST"])
        }
        try await withServer(script, endpoint: { HTTPEndpoint(url: "\($0)-away", followsRedirects: true) }) {
            _,
            transport,
            ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFailure().kind == .redirected)
        }
    }

    @Test(arguments: [(301, true), (302, false), (307, true), (308, true)])
    func requestsAfterAPermanentRedirectGoStraightToItsTarget(_ status: Int, _ isRemembered: Bool) async throws {
        let script = answering { request, connection in
            if request.target == "/mcp/" {
                try await connection.answer(200, body: result(request.text.contains("\"id\":2") ? 2 : 1))
            } else {
                try await connection.answer(status, [("Location", "/mcp/")])
            }
        }
        try await withServer(script, endpoint: { HTTPEndpoint(url: $0, followsRedirects: true) }) {
            server,
            transport,
            ledger in
            for id in 1...2 {
                try transport.send(.request(.integer(Int64(id)), revision: .latest))
                #expect(await ledger.nextFrame() == result(id))
            }
            let detour = isRemembered ? [] : ["/mcp"]
            #expect(server.requests.map(\.target) == ["/mcp", "/mcp/"] + detour + ["/mcp/"])
        }
    }

    @Test
    func redirectThatLedToAFailureIsNotRemembered() async throws {
        let script = answering { request, connection in
            if request.target == "/mcp/" {
                try await connection.answer(404, body: "nothing here")
            } else {
                try await connection.answer(308, [("Location", "/mcp/")])
            }
        }
        try await withServer(script, endpoint: { HTTPEndpoint(url: $0, followsRedirects: true) }) {
            server,
            transport,
            ledger in
            for id in 1...2 {
                try transport.send(.request(.integer(Int64(id)), revision: .latest))
                #expect(await ledger.nextFailure().kind == .status)
            }
            #expect(server.requests.map(\.target) == ["/mcp", "/mcp/", "/mcp", "/mcp/"])
        }
    }
}
