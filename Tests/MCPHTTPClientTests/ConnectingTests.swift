import JSON
import MCP
import MCPHTTP
import MCPTransport
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import MCPHTTPClient

@Suite(.timeLimit(.minutes(5)))
struct ConnectingTests {
    private func failure(_ endpoint: HTTPEndpoint) async throws -> TransportFailure {
        let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(revision: .latest))
        let failure = await ledger.nextFailure()
        await transport.close()
        return failure
    }

    /// A server on ::1 whose port is free on 127.0.0.1; nil if this machine has no ::1 or no such port.
    private func serverOnIPv6Only(
        _ script: @escaping ScriptedHTTPServer.Script
    ) throws -> (server: ScriptedHTTPServer, gap: ReservedPort)? {
        for _ in 1...20 {
            guard let server = try? ScriptedHTTPServer(host: "[::1]", script) else { return nil }
            if let gap = try? ReservedPort(server.port, alsoIPv6: false) { return (server, gap) }
            server.stop()
        }
        return nil
    }

    @Test
    func unknownHostIsReported() async throws {
        let failure = try await failure(HTTPEndpoint(url: "http://no-such-host.invalid/mcp"))
        #expect(failure.kind == .unknownHost)
        #expect(failure.message == "host not found: no-such-host.invalid")
    }

    @Test
    func refusedConnectionIsReportedWithTheAddressesTried() async throws {
        let gap = try ReservedPort()
        let port = gap.port
        let failure = try await failure(HTTPEndpoint(url: "http://localhost:\(port)/mcp"))
        #expect(failure.kind == .refused)
        #expect(failure.message.contains("127.0.0.1:\(port)"))
        #expect(failure.evidence["tried"] != nil)
        withExtendedLifetime(gap) {}
    }

    @Test
    func serverOnTheOtherLoopbackAddressIsFound() async throws {
        guard let (server, gap) = try serverOnIPv6Only(answering { _, _ in }) else { return }
        defer { withExtendedLifetime(gap) { server.stop() } }
        let failure = try await failure(HTTPEndpoint(url: "http://127.0.0.1:\(server.port)/mcp"))
        #expect(failure.kind == .refused)
        #expect(failure.evidence["listens_at"] == .string("[::1]:\(server.port)"))
    }

    @Test
    func localhostIsCheckedOnBothAddresses() async throws {
        let script = answering { _, connection in try await connection.answer(200, body: result()) }
        guard let (server, gap) = try serverOnIPv6Only(script) else { return }
        defer { withExtendedLifetime(gap) { server.stop() } }
        let endpoint = HTTPEndpoint(url: "http://localhost:\(server.port)/mcp")
        let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(revision: .latest))
        // If the name resolves to ::1, too, the server is reached; otherwise the probe finds it.
        if case .failure(_, let failure) = await ledger.next() {
            #expect(failure.evidence["listens_at"] == .string("[::1]:\(server.port)"))
            #expect(failure.advice == "Use http://[::1]:\(server.port)/mcp.")
        }
        server.stop()
        await transport.close()
    }

    @Test
    func ipv6AddressIsUsed() async throws {
        guard
            let server = try? ScriptedHTTPServer(
                host: "[::1]",
                answering { _, connection in try await connection.answer(200, body: result()) }
            )
        else { return }
        defer { server.stop() }
        let transport = HTTPClientTransport(HTTPEndpoint(url: server.url()), scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(revision: .latest))
        #expect(await ledger.nextFrame() == result())
        #expect(server.requests[0]["Host"] == "[::1]:\(server.port)")
        server.stop()
        await transport.close()
    }

    @Test
    func serverWithoutTLSIsReported() async throws {
        let server = try ScriptedHTTPServer { connection in
            try await connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            await connection.untilClosed()
        }
        defer { server.stop() }
        let failure = try await failure(HTTPEndpoint(url: "https://127.0.0.1:\(server.port)/mcp"))
        #expect(failure.kind == .tls)
        #expect(failure.advice?.contains("http://") == true)
    }

    @Test(arguments: ["localhost:80", "ftp://h/", "http://h:99999/", "http:///x"])
    func invalidURLIsRejectedBeforeAnythingIsSent(_ url: String) {
        #expect(HTTPEndpoint(url: url).fault?.kind == .usage)
    }

    @Test
    func unusableCertificateFileIsRejectedWithTheReason() async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("no certificate", to: "empty.pem")
        let cases = [("missing.pem", "cannot be read: No such file"), ("empty.pem", "contains no PEM certificate")]
        for (file, reason) in cases {
            let endpoint = HTTPEndpoint(url: "https://h/", tls: TLSChoice(authorities: folder.path(file)))
            let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
            let failure = await #expect(throws: TransportFailure.self) { try await transport.open(Ledger()) }
            #expect(failure?.kind == .usage)
            #expect(failure?.message.contains(reason) == true, "\(failure?.message ?? "")")
        }
    }

    @Test(arguments: [true, false])
    func serverThatExitsIsDistinguishedFromOneThatClosesTheConnection(_ dies: Bool) async throws {
        let note = #"{"jsonrpc":"2.0","method":"notifications/progress"}"#
        let hangUp = Gate()
        let script = answering { _, connection in
            try await connection.beginEvents()
            try await connection.chunk("data: \(note)\n\n")
            try await hangUp.wait()
            connection.close()
        }
        let server = try ScriptedHTTPServer(script)
        defer { server.stop() }
        let transport = HTTPClientTransport(HTTPEndpoint(url: server.url()), scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(revision: .latest))
        #expect(await ledger.nextFrame() == note)
        if dies { server.stop() } else { hangUp.open() }
        let failure = await ledger.nextFailure()
        #expect(failure.kind == .broken)
        #expect(
            failure.message.contains("nothing is listening on 127.0.0.1:\(server.port) anymore") == dies,
            "\(failure.message)"
        )
        #expect(failure.advice?.hasPrefix("The server has exited") == dies)
        server.stop()
        await transport.close()
    }

    /// It still accepts connections after it has closed its own, and closes them when it exits.
    @Test
    func serverThatKeepsItsPortOpenForAMomentIsCheckedRepeatedly() async throws {
        let taken = Mutex((count: 0, server: ScriptedHTTPServer?.none))
        let server = try ScriptedHTTPServer { connection in
            let last = taken.withLock { taken in
                taken.count += 1
                return taken.count == 3 ? taken.server : nil
            }
            last?.stop()
            connection.close()
        }
        taken.withLock { $0.server = server }
        let url = try HTTPURL(server.url())
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let details = await withCheckedContinuation { continuation in
            ListenerProbe.run(url, on: loop, until: .now() + .seconds(30)) { continuation.resume(returning: $0) }
        }
        #expect(details?.sentence.contains("nothing is listening") == true)
        #expect(taken.withLock { $0.count } == 3)
        taken.withLock { $0.server = nil }
    }

    // MARK: - Proxies

    @Test
    func proxyReceivesAbsoluteURLsForHTTP() async throws {
        let proxy = try ScriptedHTTPServer(
            answering { _, connection in try await connection.answer(200, body: result()) }
        )
        defer { proxy.stop() }
        let variables = ["http_proxy": "http://me:pw@127.0.0.1:\(proxy.port)", "HTTP_PROXY": "http://wrong.invalid"]
        let endpoint = HTTPEndpoint(url: "http://target.example:8080/mcp?q=1", proxy: .environment(variables))
        let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(revision: .latest))
        #expect(await ledger.nextFrame() == result())
        let request = proxy.requests[0]
        #expect(request.target == "http://target.example:8080/mcp?q=1")
        #expect(request.values("Host") == ["target.example:8080"])
        #expect(request["Proxy-Authorization"] == "Basic bWU6cHc=")
        #expect(transport.evidence()["proxy"] == .string("http://127.0.0.1:\(proxy.port)"))
        #expect(!"\(transport.evidence())".contains("bWU6cHc"))
        proxy.stop()
        await transport.close()
    }

    @Test
    func proxyIsUsedAsATunnelForHTTPS() async throws {
        let proxy = try ScriptedHTTPServer(answering { _, connection in try await connection.answer(502, []) })
        defer { proxy.stop() }
        let variables = ["HTTPS_PROXY": "127.0.0.1:\(proxy.port)"]
        let endpoint = HTTPEndpoint(url: "https://target.example/mcp", proxy: .environment(variables))
        let failure = try await failure(endpoint)
        #expect(failure.kind == .proxy)
        #expect(proxy.requests[0].method == "CONNECT")
        #expect(proxy.requests[0].target == "target.example:443")
    }

    @Test(arguments: ["http", "https"])
    func unreachableProxyIsReported(_ scheme: String) async throws {
        let gap = try ReservedPort()
        defer { withExtendedLifetime(gap) {} }
        let variables = ["all_proxy": "http://127.0.0.1:\(gap.port)"]
        let failure = try await failure(
            HTTPEndpoint(url: "\(scheme)://target.example/", proxy: .environment(variables))
        )
        #expect(failure.message.hasSuffix("refused"), "\(failure.message)")
        #expect(failure.kind == .proxy)
    }

    @Test(arguments: [
        "127.0.0.1", "other, .example", "*", "example", "*.example", "target.example:8080", "x target.example",
    ])
    func hostsInNoProxyAreReachedDirectly(_ list: String) async throws {
        let server = try ScriptedHTTPServer(
            answering { _, connection in try await connection.answer(200, body: result()) }
        )
        defer { server.stop() }
        let host = list == "127.0.0.1" ? "127.0.0.1:\(server.port)" : "target.example:8080"
        let variables = ["http_proxy": "http://127.0.0.1:1", "no_proxy": list]
        let endpoint = HTTPEndpoint(url: "http://\(host)/", proxy: .environment(variables))
        let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
        try await transport.open(Ledger())
        #expect(transport.evidence()["proxy"] == nil)
        await transport.close()
    }

    @Test(arguments: ["other.example", "arget.example", "target.example:81", "10.0.0.0/8", ""])
    func otherHostsAreReachedThroughTheProxy(_ list: String) async throws {
        let variables = ["http_proxy": "http://127.0.0.1:1", "no_proxy": list]
        let endpoint = HTTPEndpoint(url: "http://target.example:8080/", proxy: .environment(variables))
        let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
        try await transport.open(Ledger())
        #expect(transport.evidence()["proxy"] == "http://127.0.0.1:1")
        await transport.close()
    }
}
