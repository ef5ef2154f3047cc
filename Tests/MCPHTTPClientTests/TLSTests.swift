import JSON
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct TLSTests {
    private func withTLS(
        _ identity: TestCertificate,
        _ tls: TLSChoice,
        host: String = "localhost",
        isMutual: Bool = false,
        _ test: (any ClientTransport, Ledger) async throws -> Void
    ) async throws {
        let server = try ScriptedHTTPServer(
            answering { _, connection in try await connection.answer(200, body: result()) }
        )
        defer { server.stop() }
        let front = try await TLSFront(identity, before: server.port, isMutual: isMutual)
        defer { front.stop() }
        let endpoint = HTTPEndpoint(url: "https://\(host):\(front.port)/mcp", tls: tls)
        let transport = HTTPClientTransport(endpoint, scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(revision: .latest))
        try await test(transport, ledger)
        server.stop()
        await transport.close()
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func certificateOfAGivenAuthorityIsTrusted(_ host: String) async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(TestCertificate.trusted.certificate, to: "ca.pem")
        let tls = TLSChoice(authorities: folder.path("ca.pem"))
        try await withTLS(.trusted, tls, host: host) { transport, ledger in
            #expect(await ledger.nextFrame() == result())
            #expect(transport.evidence()["tls_verified"] == true)
        }
    }

    @Test
    func unverifiedCertificateIsStatedInTheEvidence() async throws {
        try await withTLS(.expired, TLSChoice(verifies: false)) { transport, ledger in
            #expect(await ledger.nextFrame() == result())
            #expect(transport.evidence()["tls_verified"] == false)
            #expect(transport.evidence()["warning"]?.string?.contains("NOT verified") == true)
        }
    }

    @Test
    func selfSignedCertificateIsReported() async throws {
        try await withTLS(.trusted, TLSChoice()) { _, ledger in
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .tls)
            #expect(failure.message.contains("self-signed"), "\(failure.message)")
            #expect(failure.advice?.contains("--ca") == true)
        }
    }

    @Test
    func expiredCertificateIsReportedWithItsDate() async throws {
        try await withTLS(.expired, TLSChoice()) { _, ledger in
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .tls)
            #expect(failure.message.contains("expired on 2021-01-01"), "\(failure.message)")
        }
    }

    @Test
    func mutualTLSIsReported() async throws {
        try await withTLS(.trusted, TLSChoice(verifies: false), isMutual: true) { _, ledger in
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .tls)
            #expect(failure.message.contains("mutual TLS"), "\(failure.message)")
            let error = try #require(failure.evidence["tls_error"]?.string)
            #expect(error.contains("CERTIFICATE_REQUIRED"))
            #expect(!error.contains(".cc"), "the error must not name the build machine's paths: \(error)")
        }
    }

    @Test
    func certificateForAnotherNameIsReported() async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(TestCertificate.foreign.certificate, to: "ca.pem")
        try await withTLS(.foreign, TLSChoice(authorities: folder.path("ca.pem"))) { _, ledger in
            let failure = await ledger.nextFailure()
            #expect(failure.kind == .tls)
            #expect(failure.message.contains("for another name"), "\(failure.message)")
            #expect(
                failure.advice?.contains("Use a name that is in the certificate") == true,
                "the certificate itself is trusted"
            )
        }
    }
}
