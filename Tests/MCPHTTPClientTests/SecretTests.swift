import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

/// Credentials that we send are not shown, although a server repeats them.
@Suite(.timeLimit(.minutes(5)))
struct SecretTests {
    private static let endpoint = { @Sendable (url: String) in
        HTTPEndpoint(
            url: url.replacing("http://", with: "http://me:hunter2@") + "?api_key=qu3ry-key",
            headers: [HTTPField("X-Api-Key", "k3y-value"), HTTPField("X-Tenant", "acme-corporation")]
        )
    }

    private static let secrets = [
        "hunter2", "bWU6aHVudGVyMg==", "qu3ry-key", "k3y-value", "acme-corporation", "c4ll-token",
    ]

    /// A response that repeats the credentials of the request.
    private static func echo(_ status: Int, _ type: String = "text/plain") -> ScriptedHTTPServer.Script {
        answering { request, connection in
            let credentials = ["Authorization", "X-Api-Key", "X-Tenant", "X-Call"].compactMap { request[$0] }
            let echo = "\(request.target) hunter2 \(credentials.joined(separator: " "))"
            try await connection.answer(
                status,
                [
                    ("Content-Type", type), ("WWW-Authenticate", "Bearer error=\"\(echo)\""), ("X-Echo", echo),
                    ("Location", "https://login.example/\(credentials.joined(separator: "/"))"),
                ],
                body: "You sent \(echo)"
            )
        }
    }

    private func expectNoSecrets(in text: String) {
        for secret in Self.secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
    }

    @Test(arguments: [200, 302, 401, 403, 404, 500])
    func echoedCredentialsAreNotShownInAFailure(_ status: Int) async throws {
        try await withServer(Self.echo(status), endpoint: Self.endpoint) { _, transport, ledger in
            try transport.send(.request(revision: .latest, fields: [("X-Call", "c4ll-token")]))
            let failure = await ledger.nextFailure()
            let evidence = try #require(transport.evidence(of: 1))
            expectNoSecrets(in: "\(failure) \(failure.advice ?? "") \(failure.evidence) \(evidence)")
            #expect(evidence["body"]?.string?.hasPrefix("You sent") == true)
            #expect(evidence["response_headers"]?["X-Echo"]?.string?.contains("‹redacted:") == true)
            if status == 401 {
                #expect(failure.evidence["www_authenticate"]?.string?.hasPrefix("Bearer error=") == true)
            }
        }
    }

    @Test
    func echoedCredentialsAreNotShownInAFault() async throws {
        try await withServer(Self.echo(302), endpoint: Self.endpoint) { _, transport, ledger in
            try transport.send(.notification(.rootsListChanged))
            guard case .fault(let text, _, let evidence) = await ledger.next() else { throw Unexpected(ledger) }
            #expect(text.contains("redirect to https://login.example/"), "\(text)")
            expectNoSecrets(in: "\(text) \(evidence) \(transport.evidence())")
        }
    }

    @Test
    func echoedSessionIDIsNotShown() async throws {
        let script = answering { request, connection in
            if let id = request["Mcp-Session-Id"] {
                return try await connection.answer(404, [("Content-Type", "text/plain")], body: "no session \(id)")
            }
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
            #expect(failure.evidence["body"] == "no session ‹redacted:header›")
        }
    }

    @Test(arguments: [
        ("s3cret\u{0}", "a NUL character"), ("s3cret\r\nX: y", "a line break"), ("s3cret\n", "a line break"),
        ("s3cret\u{1B}", "a control character"),
    ])
    func rejectedHeaderValueIsNotRepeated(_ value: String, _ character: String) async throws {
        let fault = try #require(HTTPEndpoint(url: "http://h/", headers: [HTTPField("X-Token", value)]).fault)
        #expect(fault.message == "the value of the header X-Token contains \(character)")
        try await withServer(Self.echo(200)) { _, transport, _ in
            let failure = #expect(throws: TransportFailure.self) {
                try transport.send(.request(fields: [("X-Token", value)]))
            }
            #expect(failure?.message == fault.message)
        }
    }

    @Test(arguments: [
        ("Authorization: Bearer s3cret", "\"Authorization…\""), ("", "an empty text"), ("ü s3cret", "\"…\""),
    ])
    func rejectedHeaderNameIsShownUpToItsFirstInvalidCharacter(_ name: String, _ shown: String) throws {
        let fault = try #require(HTTPEndpoint(url: "http://h/", headers: [HTTPField(name, "x")]).fault)
        #expect(fault.message == "\(shown) is not a valid header name")
    }

    @Test
    func nonASCIIHeaderValueIsSentAsUTF8() async throws {
        let script = answering { _, connection in try await connection.answer(200, body: result()) }
        let endpoint = { (url: String) in HTTPEndpoint(url: url, headers: [HTTPField("X-Name", "Zoë")]) }
        try await withServer(script, endpoint: endpoint) { server, transport, ledger in
            try transport.send(.request(revision: .latest))
            #expect(await ledger.nextFrame() == result())
            #expect(server.requests[0]["X-Name"] == "Zoë")
        }
    }

    @Test(arguments: ["me:hunter2@localhost:8000/mcp", "htp://me:hunter2@h/", "http://me:hunter2/@h"])
    func passwordOfAnInvalidURLIsNotRepeated(_ url: String) async throws {
        let endpoint = HTTPEndpoint(url: url)
        expectNoSecrets(in: try #require(endpoint.fault).message)
        expectNoSecrets(in: "\(HTTPClientTransport(endpoint, scheduler: FakeClock()).evidence())")
    }
}
