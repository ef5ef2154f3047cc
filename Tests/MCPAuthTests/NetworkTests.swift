import AsyncRuntime
import MCPHTTP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

@testable import MCPAuth

/// Requests over real sockets.
@Suite(.timeLimit(.minutes(5)))
struct NetworkTests {
    private func send(
        to url: String,
        server: String,
        limits: AuthLimits = AuthLimits(),
        clock: any Scheduler = SystemScheduler.shared
    ) async throws -> Result<AuthResponse, AuthHTTPFailure> {
        let settings = AuthorizationSettings(server: try HTTPURL(server), limits: limits)
        let endpoint = HTTPEndpoint(url: server, headers: [HTTPField("Authorization", "Bearer for-the-server-only")])
        let network = NetworkHTTP(like: endpoint, settings, clock: clock)
        let request = AuthRequest.metadata(try HTTPURL(url))
        do throws(AuthHTTPFailure) {
            return .success(try await network.send(request))
        } catch {
            return .failure(error)
        }
    }

    /// Why a request to a server fails.
    private func failure(
        of server: ScriptedHTTPServer,
        limits: AuthLimits = AuthLimits(),
        clock: any Scheduler = SystemScheduler.shared
    ) async throws -> AuthHTTPFailure {
        let result = try await send(to: server.url("/x"), server: server.url(), limits: limits, clock: clock)
        return try #require(throws: AuthHTTPFailure.self) { try result.get() }
    }

    @Test("the headers of the server are not sent to others, and redirects are not followed")
    func headersStay() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try await connection.readRequest()
            try await connection.answer(302, [("Location", "/elsewhere")], body: "")
        }
        defer { server.stop() }
        let response = try await send(to: server.url("/x"), server: "http://127.0.0.1:1/mcp").get()
        #expect(response.status == 302)
        #expect(response.values(of: "location") == ["/elsewhere"])
        #expect(server.requests.count == 1)
        #expect(server.requests.first?["authorization"] == nil)
    }

    @Test("a huge response is refused at the limit")
    func hugeResponse() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try await connection.readRequest()
            try await connection.answer(200, body: "{\"x\":\"" + String(repeating: "y", count: 5000) + "\"}")
        }
        defer { server.stop() }
        var limits = AuthLimits()
        limits.responseBytes = 1000
        let failure = try await failure(of: server, limits: limits)
        #expect(failure.message.contains("exceeds the limit"))
        // No option of the program raises this limit.
        #expect(failure.advice?.contains("short JSON document") == true)
    }

    @Test("a response that never ends is abandoned at the limit")
    func endlessResponse() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try await connection.readRequest()
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            // Until the client disconnects.
            while true { try await connection.chunk(String(repeating: " ", count: 10_000)) }
        }
        defer { server.stop() }
        let failure = try await failure(of: server)
        #expect(failure.message.contains("exceeds the limit of 1 MiB"))
    }

    @Test("a response that comes byte by byte is abandoned after the timeout")
    func drippingResponse() async throws {
        let clock = FakeClock()
        let server = try ScriptedHTTPServer { connection in
            _ = try await connection.readRequest()
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            // Each byte comes long before the limit, but the whole does not.
            while true {
                try await connection.chunk(" ")
                clock.advance(by: .seconds(1))
            }
        }
        defer { server.stop() }
        let failure = try await failure(of: server, clock: clock)
        #expect(failure.message.contains("did not answer within 15 s"), "\(failure.message)")
        #expect(failure.advice?.contains("slow") == true)
    }

    @Test("a server that never answers is abandoned after the timeout")
    func slowServer() async throws {
        let clock = FakeClock()
        let server = try ScriptedHTTPServer { connection in
            _ = try await connection.readRequest()
            clock.advance(by: .seconds(15))
            _ = try await connection.readRequest()
        }
        defer { server.stop() }
        let failure = try await failure(of: server, clock: clock)
        #expect(failure.message.contains("did not answer within 15 s"))
    }

    @Test("X11: a name is resolved first, and its addresses decide whether it is reached")
    func resolvedAddressesDecide() async throws {
        let server = try ScriptedHTTPServer { connection in
            _ = try await connection.readRequest()
            try await connection.answer(200, body: "{}")
        }
        defer { server.stop() }
        var request = try PlainRequest(to: HTTPEndpoint(url: "http://localhost:\(server.port)/x"))
        request.addressRefusal = { addresses in
            addresses.contains(where: \.isLoopback) ? TransportFailure(.usage, "not there") : nil
        }
        let clock = SystemScheduler.shared
        do {
            _ = try await request.send("GET", fields: [], body: nil, within: .seconds(30), on: clock)
            Issue.record("expected a refusal")
        } catch PlainRequest.Failure.transport(let failure) {
            #expect(failure.message == "not there")
        }
        #expect(server.requests.isEmpty)
        request.addressRefusal = { _ in nil }
        let response = try await request.send("GET", fields: [], body: nil, within: .seconds(30), on: clock)
        #expect(response.status == 200)
        #expect(server.requests.first?["host"] == "localhost:\(server.port)")
    }
}
