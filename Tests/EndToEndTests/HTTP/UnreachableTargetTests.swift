import JSON
import TestSupport
import Testing

/// URLs without an MCP server: what is there instead is reported, and at once.
@Suite(.timeLimit(.minutes(15)))
struct UnreachableTargetTests {
    private func failed(_ url: String, _ options: [String] = []) async throws -> (run: Run, report: JSONValue) {
        let run = try await RunningProgram.run(["test", url] + options)
        #expect(run.code == 3, "\(run)")
        return (run, try #require(try run.errorReport(), "\(run)"))
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func aWebPageIsReportedAsAPage() async throws {
        let page = try await HTTPPeer.page()
        defer { page.stop() }
        let (run, report) = try await failed(page.url)
        #expect(report["code"] == "transport", "\(run)")
        #expect(run.text.contains("text/html"), "\(run)")
        #expect(run.text.contains("<!DOCTYPE html>") || run.text.contains("page"), "\(run)")
    }

    @Test(.enabled(if: TestPeers.mcp1.isAvailable, "\(TestPeers.absence)"))
    func aWrongPathIsReportedAsNotFound() async throws {
        let server = try await HTTPPeer(.mcp1)
        defer { server.stop() }
        let (run, report) = try await failed("http://127.0.0.1:\(server.port)/nowhere")
        #expect(report["code"] == "transport", "\(run)")
        #expect(run.text.contains("404") && run.text.contains("/mcp"), "\(run)")
    }

    @Test(arguments: ["127.0.0.1", "localhost", "[::1]"])
    func aPortWithoutAListenerIsReportedAsRefused(_ host: String) async throws {
        // Closed a moment ago, so that nothing else listens there.
        let port = try {
            let server = try ScriptedHTTPServer { _ in }
            defer { server.stop() }
            return server.port
        }()
        let (run, report) = try await failed("http://\(host):\(port)/mcp")
        #expect(report["code"] == "transport", "\(run)")
        #expect(run.text.contains("nothing is listening on \(host):\(port)"), "\(run)")
    }

    @Test func anUnknownHostIsReported() async throws {
        let (run, report) = try await failed("http://no-such-host.invalid/mcp")
        #expect(report["code"] == "transport", "\(run)")
        #expect(run.text.contains("no-such-host.invalid"), "\(run)")
    }

    @Test(arguments: [
        (500, "text/plain", "the database is away", "500"), (503, "text/html", "<html>busy</html>", "503"),
        (404, "text/plain", "not here", "404"), (405, "text/plain", "", "405"), (406, "text/plain", "", "406"),
        (415, "text/plain", "", "415"), (421, "text/plain", "misdirected", "421"),
        (200, "application/json", "", "empty"),
        (200, "text/plain", "hello", "text/plain"), (302, "text/plain", "", "/login"),
    ])
    func anHTTPStatusWithoutAResponseIsReported(status: Int, type: String, body: String, word: String) async throws {
        let server = try ScriptedHTTPServer { connection in
            while try await connection.readRequest() != nil {
                try await connection.answer(status, [("Content-Type", type), ("Location", "/login")], body: body)
            }
        }
        defer { server.stop() }
        let (run, report) = try await failed(server.url())
        #expect(report["code"] == "transport", "\(run)")
        #expect(run.text.contains(word), "\(run)")
        // Nothing is sent that the user did not ask for.
        #expect(server.requests.allSatisfy { !$0.text.contains("tools/") })
    }

    @Test func secretsInAURLAreNeverPrinted() async throws {
        let server = try ScriptedHTTPServer { connection in
            while try await connection.readRequest() != nil { try await connection.answer(500) }
        }
        defer { server.stop() }
        let url = "http://ada:hunter2-88@127.0.0.1:\(server.port)/mcp?api_key=k-5512&page=1"
        let (run, _) = try await failed(url, ["-v", "--header", "X-Api-Key: x-9911", "--json"])
        #expect(
            !"\(run)".contains("hunter2-88") && !"\(run)".contains("k-5512") && !"\(run)".contains("x-9911"),
            "\(run)"
        )
        let request = try #require(server.requests.first)
        #expect(request["authorization"] == "Basic YWRhOmh1bnRlcjItODg=")
        #expect(request["x-api-key"] == "x-9911" && request.target == "/mcp?api_key=k-5512&page=1")
    }
}
