import JSON
import TestSupport
import Testing

extension RealPeers {
    /// The commands with servers of real libraries over HTTP, in each of their modes.
    @Suite struct HTTPTargetTests {
        /// A real server, the options of the command, and the revision they agree on.
        struct Case: Sendable, CustomTestStringConvertible {
            let peer: TestPeers
            let style: HTTPPeer.Style
            var options: [String] = []
            let revision: String

            var testDescription: String { "\(peer.rawValue) \(style) \(options.joined(separator: " "))" }

            static let all = [
                Case(peer: .mcp2, style: .sessions, revision: "2026-07-28"),
                Case(peer: .mcp2, style: .json, options: ["--protocol", "legacy"], revision: "2025-11-25"),
                Case(peer: .mcp2, style: .sessions, options: ["--protocol", "2025-06-18"], revision: "2025-06-18"),
                Case(peer: .mcp2, style: .stateless, options: ["--protocol", "2026-07-28"], revision: "2026-07-28"),
                Case(peer: .mcp2, style: .stateless, options: ["--protocol", "legacy"], revision: "2025-11-25"),
                Case(peer: .mcp2, style: .sse, revision: "2025-11-25"),
                Case(peer: .mcp1, style: .sessions, revision: "2025-11-25"),
                Case(peer: .mcp1, style: .json, options: ["--protocol", "2025-03-26"], revision: "2025-03-26"),
                Case(peer: .mcp1, style: .stateless, revision: "2025-11-25"),
                Case(peer: .mcp1, style: .sse, revision: "2025-11-25"),
                Case(peer: .fastmcp4, style: .sessions, revision: "2026-07-28"),
                Case(peer: .fastmcp4, style: .json, options: ["--protocol", "legacy"], revision: "2025-11-25"),
                Case(peer: .fastmcp3, style: .sessions, revision: "2025-11-25"),
                Case(peer: .fastmcp3, style: .sse, options: ["--transport", "sse"], revision: "2025-11-25"),
            ].filter(\.peer.isAvailable)
        }

        private func json(_ command: [String], _ options: [String] = []) async throws -> JSONValue {
            let run = try await RunningProgram.run(command + ["--json"] + options)
            #expect(run.code == 0, "\(run)")
            #expect(run.errors.isEmpty, "\(run)")
            return try run.json()
        }

        @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all)
        func aServerOfARealLibraryIsTestedAndUsed(_ example: Case) async throws {
            let server = try await HTTPPeer(example.peer, example.style)
            defer { server.stop() }
            async let tested = json(["test", server.url], example.options)
            async let called = json(["call", server.url, "add", "a=2", "b=40"], example.options)
            async let resource = json(["read", server.url, "memo://hello"], example.options)
            async let prompted = json(["prompt", server.url, "greeting", "name=Ada"], example.options)
            let (test, call, read, prompt) = try await (tested, called, resource, prompted)
            #expect(test["summary"]?["total_tools"] == 8 && test["summary"]?["total_prompts"] == 1, "\(test)")
            #expect(test["summary"]?["findings"] == 0, "\(test)")
            #expect(test["summary"]?["protocol_version"]?.string == example.revision, "\(test)")
            let transport = example.style == .sse ? "sse" : "streamable-http"
            #expect(test["metadata"]?["transport"]?.string == transport, "\(test)")
            #expect(call["tool_call"]?["structured_content"] == ["sum": 42], "\(call)")
            #expect(read["resource"]?["content"]?.string?.hasPrefix("Hello from a text resource.") == true, "\(read)")
            #expect("\(prompt)".contains("greeting for Ada"))
            try checkHeaders(of: server.requests(), example)
        }

        /// Checks the headers of our requests as the server received them.
        private func checkHeaders(of requests: [JSONValue], _ example: Case) throws {
            let isModern = example.revision == "2026-07-28"
            for request in requests {
                let headers = (request["headers"]?.array ?? []).reduce(into: [String: String]()) {
                    $0[$1[0]?.string ?? ""] = $1[1]?.string
                }
                guard request["method"] == "POST" else { continue }
                let body = try JSONValue(parsing: request["body"]?.string ?? "")
                let comment = Comment("\(request)")
                #expect(headers["content-type"] == "application/json", comment)
                if example.style != .sse {
                    #expect(headers["accept"]?.contains("application/json") == true, comment)
                    #expect(headers["accept"]?.contains("text/event-stream") == true, comment)
                }
                // The probe for the modern era is itself a modern request.
                let meta = body["params"]?["_meta"]
                if let version = meta?["io.modelcontextprotocol/protocolVersion"]?.string {
                    #expect(headers["mcp-protocol-version"] == version, comment)
                    #expect(headers["mcp-method"] == body["method"]?.string, comment)
                    #expect(headers["mcp-session-id"] == nil, comment)
                    let name = body["params"]?["name"] ?? body["params"]?["uri"]
                    #expect(headers["mcp-name"] == name?.string, comment)
                } else {
                    #expect(!isModern, comment)
                    #expect(headers["mcp-method"] == nil && headers["mcp-name"] == nil, comment)
                    let isInitialize = body["method"] == "initialize"
                    let hasVersion = !isInitialize && example.revision >= "2025-06-18"
                    #expect(headers["mcp-protocol-version"] == (hasVersion ? example.revision : nil), comment)
                    let hasSession = !isInitialize && [.sessions, .json, .resumable].contains(example.style)
                    #expect((headers["mcp-session-id"] != nil) == hasSession, comment)
                }
            }
            // Each session is ended with DELETE.
            let sessions = requests.filter { $0["body"]?.string?.contains(#""initialize""#) == true }.count
            let ended = requests.filter { $0["method"] == "DELETE" }.count
            if !isModern, [.sessions, .json].contains(example.style) { #expect(ended == sessions) }
        }

        @Test(
            .enabled(if: TestPeers.mcp1.isAvailable && TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"),
            arguments: [TestPeers.mcp1, .mcp2]
        )
        func aResponseIsFetchedAfterTheServerClosedItsStream(_ peer: TestPeers) async throws {
            let server = try await HTTPPeer(peer, .resumable)
            defer { server.stop() }
            let call = try await json(["call", server.url, "interrupted"], ["--protocol", "legacy"])
            #expect(call["tool_call"]?["result"] == "after the interruption", "\(call)")
            let resumed = try server.requests().filter { request in
                request["method"] == "GET"
                    && request["headers"]?.array?.contains { $0[0] == "last-event-id" } == true
            }
            #expect(!resumed.isEmpty)
        }

        @Test(.enabled(if: TestPeers.mcp1.isAvailable, "\(TestPeers.absence)"))
        func aRequiredTokenIsSent() async throws {
            let server = try await HTTPPeer(.mcp1, token: "sesame-7391")
            defer { server.stop() }
            let refused = try await RunningProgram.run(["test", server.url])
            #expect(refused.code == 3, "\(refused)")
            #expect(try refused.errorReport()?["code"] == "auth", "\(refused)")
            #expect(refused.text.contains("401"), "\(refused)")
            let wrong = try await RunningProgram.run([
                "test", server.url, "--header", "Authorization: Bearer wrong-4410",
            ])
            #expect(wrong.code == 3 && !"\(wrong)".contains("wrong-4410"), "\(wrong)")
            let right = try await RunningProgram.run(
                ["call", server.url, "echo", "message=hi", "--json", "--auth-token", "env:SECRET"],
                environment: ["SECRET": "sesame-7391"]
            )
            #expect(right.code == 0, "\(right)")
            #expect(!"\(right)".contains("sesame-7391"))
            let standing = try await RunningProgram.run(
                ["call", server.url, "echo", "message=hi"],
                environment: ["MCP_TEST_AUTH_TOKEN": "sesame-7391"]
            )
            #expect(standing.code == 0, "\(standing)")
        }
    }
}
