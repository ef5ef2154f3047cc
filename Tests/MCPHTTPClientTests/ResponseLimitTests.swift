import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ResponseLimitTests {
    private func failure(limit: Int, _ script: @escaping ScriptedHTTPServer.Script) async throws -> TransportFailure {
        var failure = TransportFailure(.usage, "")
        let limits = HTTPClientLimits(responseBytes: limit)
        try await withServer(script, endpoint: { HTTPEndpoint(url: $0, limits: limits) }) { _, transport, ledger in
            try transport.send(.request(revision: .latest))
            failure = await ledger.nextFailure()
        }
        return failure
    }

    @Test
    func limitIsThatOfStdio() {
        #expect(HTTPClientLimits().responseBytes == 64 << 20)
    }

    @Test
    func responseBeyondTheLimitIsRejectedWithLimitAndOption() async throws {
        let script = answering { _, connection in
            try await connection.answer(200, body: String(repeating: " ", count: 3000) + result())
        }
        let failure = try await failure(limit: 2048, script)
        #expect(failure.kind == .tooLarge)
        #expect(failure.message.hasSuffix("/mcp exceeds the limit of 2 KiB"), "\(failure.message)")
        #expect(failure.advice?.contains("--max-response") == true)
        #expect(failure.evidence["status"] == 200)
    }

    @Test
    func responseOfUnknownLengthIsLimited() async throws {
        let script = answering { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            for _ in 1...3 { try await connection.chunk(String(repeating: " ", count: 500)) }
            await connection.untilClosed()
        }
        let failure = try await failure(limit: 1000, script)
        #expect(failure.kind == .tooLarge)
        #expect(failure.message.hasSuffix("exceeds the limit of 1000 bytes"), "\(failure.message)")
    }

    @Test
    func eventBeyondTheLimitIsRejected() async throws {
        let script = answering { _, connection in
            try await connection.beginEvents()
            try await connection.chunk("data: \(String(repeating: "x", count: 2000))")
            await connection.untilClosed()
        }
        let failure = try await failure(limit: 1000, script)
        #expect(failure.kind == .tooLarge)
        #expect(failure.message.hasPrefix("an event of the response"), "\(failure.message)")
        #expect(failure.advice?.contains("--max-response") == true)
    }

    @Test
    func compressedResponseBeyondTheLimitIsDescribed() async throws {
        let script = answering { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                    + "Content-Length: \(Self.spaces.count)\r\n\r\n"
            )
            try await connection.send(Self.spaces)
        }
        let failure = try await failure(limit: 10_240, script)
        #expect(failure.kind == .tooLarge)
        #expect(failure.message.contains("the gzip-compressed response from http://127.0.0.1"), "\(failure.message)")
        #expect(
            failure.message.hasSuffix("(133 bytes) decompresses to more than the limit of 10 KiB"),
            "\(failure.message)"
        )
        #expect(failure.advice?.contains("--max-response") == true)
    }

    @Test
    func compressedResponseWithinTheLimitIsRead() async throws {
        let script = answering { _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                    + "Content-Length: \(Self.spaces.count)\r\n\r\n"
            )
            try await connection.send(Self.spaces)
        }
        let failure = try await failure(limit: 100_000, script)
        #expect(failure.kind == .content)
        #expect(failure.evidence["body_bytes"] == 100_000)
    }

    @Test
    func largeErrorPageIsReportedByItsStatus() async throws {
        let script = answering { _, connection in
            let page = "<html>" + String(repeating: " ", count: 2 << 20)
            try await connection.answer(500, [("Content-Type", "text/html")], body: page)
        }
        let failure = try await failure(limit: 64 << 20, script)
        #expect(failure.kind == .status)
        #expect(failure.message.contains("returned 500"), "\(failure.message)")
    }

    /// 100,000 spaces, compressed with gzip.
    private static let spaces: [UInt8] =
        [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 42, 235, 159, 210, 26, 30, 64, 1]
        + Array(repeating: 0, count: 96) + [175, 6, 45, 240, 121, 202, 160, 134, 1, 0]
}
