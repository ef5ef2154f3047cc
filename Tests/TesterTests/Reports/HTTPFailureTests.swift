import JSON
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import Synchronization
import TestSupport
import Tester
import Testing

/// What goes wrong over HTTP is told from facts, with one next step that fits the URL.
@Suite(.timeLimit(.minutes(15)))
struct HTTPFailureTests {
    /// A failure of the transport and what an answer makes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        var kind: TransportFailure.Kind
        var status: Int?
        var url = "http://localhost:8000/mcp"
        var failureClass = FailureClass.transport
        var advice: String
        /// What is advised where the endpoint answered before, if that is something else.
        var laterAdvice: String?

        var testDescription: String { "\(kind) \(status.map(String.init) ?? "") \(url)" }
    }

    static let rows = [
        Row(kind: .unknownHost, url: "http://no.such.host/mcp", advice: "spelling of \"no.such.host\""),
        Row(kind: .refused, advice: "whether it listens on 127.0.0.1 or ::1"),
        Row(kind: .refused, url: "http://10.0.0.1:8000/mcp", advice: "the address that it listens on"),
        Row(kind: .unreachable, advice: "firewall"),
        Row(kind: .tls, url: "https://x/mcp", advice: "--ca FILE"),
        Row(kind: .proxy, advice: "NO_PROXY"),
        Row(kind: .redirected, status: 302, advice: "--follow-redirects"),
        Row(kind: .unauthorized, status: 401, failureClass: .auth, advice: "Give a token"),
        Row(
            kind: .unauthorized,
            status: 401,
            url: "http://me:pw@h/mcp",
            failureClass: .auth,
            advice: "Check the token"
        ),
        Row(kind: .forbidden, status: 403, failureClass: .auth, advice: "a Host or Origin check"),
        Row(kind: .status, status: 404, url: "http://h:1", advice: "Is the endpoint http://h:1/mcp?"),
        Row(kind: .status, status: 404, url: "http://h:1/", advice: "Is the endpoint http://h:1/mcp?"),
        Row(kind: .status, status: 404, advice: "http://localhost:8000/mcp/", laterAdvice: "worked before"),
        Row(kind: .status, status: 404, url: "http://h/mcp/", advice: "Try http://h/mcp, without the trailing slash"),
        Row(kind: .status, status: 404, url: "http://h/sse", advice: "Is the endpoint http://h/mcp?"),
        Row(kind: .status, status: 404, url: "http://u:p@h/api?token=s3cret", advice: "most servers is http://h/mcp."),
        Row(kind: .sessionLost, status: 404, advice: "Connect again"),
        Row(kind: .status, status: 405, advice: "http://localhost:8000/sse", laterAdvice: "accepted a POST before"),
        Row(kind: .status, status: 405, url: "http://h/sse", advice: "transport streamable-http"),
        Row(kind: .status, status: 406, advice: "application/json, text/event-stream"),
        Row(kind: .status, status: 415, advice: "application/json"),
        Row(kind: .status, status: 421, advice: "Add localhost:8000 to the allowed hosts"),
        Row(kind: .status, status: 429, advice: "Wait"),
        Row(kind: .status, status: 500, advice: "server's log for the cause of status 500"),
        Row(kind: .content, status: 200, advice: "not a web page", laterAdvice: "one complete JSON-RPC message"),
        Row(kind: .broken, status: 200, advice: "why the response was cut off"),
        Row(kind: .broken, advice: "If it uses TLS", laterAdvice: "why the response was cut off"),
        Row(kind: .broken, url: "https://h/mcp", advice: "why the response was cut off"),
        Row(kind: .tooLarge, status: 200, advice: "--max-response"),
    ]

    @Test(arguments: rows)
    func aConnectionThatFailsIsToldByItsFacts(_ row: Row) async throws {
        let answer = try await connect(row).json
        #expect(answer.outcome == "ERROR")
        #expect(answer["failure_class"]?.string == row.failureClass.rawValue)
        #expect(answer["error"]?["error_type"] == "connection_failed")
        #expect(answer["error"]?["message"] == "It went wrong.", "the words of the transport")
        #expect(
            answer["error"]?["suggestion"]?.string?.contains(row.advice) == true,
            "\(answer["error"]?["suggestion"] ?? nil)"
        )
        #expect(answer["error"]?["details"]?["http_status"]?.int == row.status)
        #expect(answer["evidence"]?["exchange"]?["body"] == "what came")
        #expect(!answer.description.contains("s3cret"))
    }

    @Test func whatTheTransportRefusesToSendWasAskedWrongly() async throws {
        let answer = await connect("http://h/mcp", TransportFailure(.usage, "the header Host is set by us")).json
        #expect(answer["failure_class"] == "usage")
        #expect(answer["error"]?["error_type"] == "invalid_arguments")
        #expect(answer["error"]?["message"] == "The header Host is set by us.")
    }

    @Test func whatTheTransportAdvisesIsBetterThanWhatItsKindDoes() async throws {
        let failure = TransportFailure(.tls, "the certificate has expired", advice: "Renew the certificate.")
        let answer = await connect("https://x/mcp", failure).json
        #expect(answer["error"]?["suggestion"] == "Renew the certificate.")
    }

    @Test func aCertificateThatIsNotVerifiedIsSaidInTheVerdictOfAFailureToo() async throws {
        let endpoint = HTTPEndpoint(url: "https://x/mcp", tls: TLSChoice(verifies: false))
        let answer = await connect(try Target(endpoint), TransportFailure(.refused, "nobody listens"))
        #expect(answer.verdict.contains("certificate NOT verified"))
    }

    @Test(arguments: [
        (404, "handshake", "the endpoint of most servers is http://h/mcp."), (401, "auth", "Give a token"),
        (200, "handshake", "target_error"),
    ])
    func aHandshakeThatIsRefusedWithAStatusIsAdvisedByIt(_ status: Int, _ name: String, _ advice: String) async throws {
        let session = session { ScriptedExchanges { _, _ in .error(-32600, status: status) } }
        let answer = await session.connect(.init(target: try Target(HTTPEndpoint(url: "http://h/elsewhere")))).json
        #expect(answer["failure_class"]?.string == name, "\(answer)")
        #expect(answer["error"]?["suggestion"]?.string?.contains(advice) == true, "\(answer)")
        #expect(answer["error"]?["details"]?["http_status"]?.int == status)
        #expect(answer["evidence"]?["connection_ended"] == nil, "that we closed it is no news")
    }

    @Test(arguments: [
        (EraChoice.modern, "protocol auto"), (.pinned(.latest), "protocol auto"), (.auto, "target_error"),
    ])
    func whoWasAskedInOneEraOnlyIsToBeAskedInBoth(_ era: EraChoice, _ advice: String) async throws {
        let session = session { ScriptedExchanges { _, _ in .error(-32600, status: 400) } }
        let answer = await session.connect(.init(target: try Target(HTTPEndpoint(url: "http://h/mcp")), era: era)).json
        #expect(answer["failure_class"] == "handshake")
        #expect(answer["error"]?["suggestion"]?.string?.contains(advice) == true, "\(answer)")
    }

    // MARK: - Calls

    @Test func anErrorOfAServerWithoutAStandardErrorDoesNotSendTheReaderThere() async throws {
        let session = try await connected { frame, _ in
            frame.head.method == .toolsCall ? .error(-32602, status: 200) : nil
        }
        #expect(
            await session.callTool("t").json["error"]?["suggestion"]
                == "Read the server's error in target_error, and the server's log."
        )
    }

    @Test(arguments: [401, 403])
    func anErrorWithAStatusOfCredentialsIsAboutThem(_ status: Int) async throws {
        let session = try await connected { frame, _ in
            frame.head.method == .toolsCall ? .error(-32600, status: status) : nil
        }
        let answer = await session.callTool("t").json
        #expect(answer["failure_class"] == "auth")
        #expect(answer.outcome == "ERROR")
    }

    @Test(arguments: rows.filter { $0.url.hasPrefix("http://localhost") && $0.kind != .sessionLost })
    func aRequestThatBreaksIsToldByItsFactsAndTheConnectionGoesOn(_ row: Row) async throws {
        let failure = row.failure
        let session = try await connected(to: CannedServer { _, _ in nil }) {
            FailingTransport($0, failure, at: "tools/call")
        }
        let answer = await session.callTool("t").json
        #expect(answer["failure_class"]?.string == row.failureClass.rawValue)
        #expect(answer["error"]?["error_type"] == "transport_error")
        #expect(
            answer["error"]?["message"]?.string?.hasPrefix("tools/call \"t\" got no response: It went wrong.") == true
        )
        #expect(
            answer["error"]?["suggestion"]?.string?.contains(row.laterAdvice ?? row.advice) == true,
            "\(answer["error"]?["suggestion"] ?? nil)"
        )
        #expect(answer["error"]?["details"]?["http_status"]?.int == row.status)
        #expect(answer["evidence"]?["exchange"]?["body"] == "what came")
        #expect(answer["evidence"]?["request"]?.string?.contains("tools/call") == true)
        #expect(session.status().json["connected"] == true)
    }

    @Test func aSessionThatWasLostOnTheWayIsAFinding() async throws {
        let greeting = #"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}"#
        let exchanges = ScriptedExchanges { frame, earlier in
            if frame.head.method == .initialize { return .result(greeting) }
            return earlier == 0 ? .failure(.sessionLost, status: 404) : .result(#"{"content":[]}"#)
        }
        let session = session { exchanges }
        _ = await session.connect(.init(target: try Target(HTTPEndpoint(url: "http://h/mcp")), era: .legacy))
        let answer = await session.callTool("t").json
        #expect(answer["success"] == true, "\(answer)")
        #expect(answer["verdict"]?.string?.hasSuffix("; 1 finding") == true, "\(answer)")
        #expect(answer["findings"]?[0]?["message"]?.string?.contains("lost the session") == true)
        #expect(answer["findings"]?[0]?["failure_class"] == "transport")
    }

    @Test func anErrorOfTheServerIsToldWithItsStatus() async throws {
        let session = try await connected { frame, _ in
            frame.head.method == .toolsCall ? .error(-32602, status: 400) : nil
        }
        let answer = await session.callTool("t").json
        #expect(answer["failure_class"] == "protocol_error")
        #expect(answer["error"]?["details"]?["http_status"] == 400)
        #expect(answer["error"]?["message"]?.string?.contains("(HTTP 400)") == true, "\(answer)")
    }

    // MARK: - Heads

    @Test func headersOfOneCallAreForThatCallAlone() async throws {
        let frames = Mutex<[OutgoingFrame]>([])
        let session = try await connected { frame, _ in
            frames.withLock { $0.append(frame) }
            switch frame.head.method {
            case .toolsCall: return .result(#"{"content":[]}"#)
            case .resourcesRead: return .result(#"{"contents":[]}"#)
            case .promptsGet: return .result(#"{"messages":[]}"#)
            default: return nil
            }
        }
        let headers = [HTTPField("X-A", "1")]
        _ = await session.callTool("t", with: CallOptions(headers: headers))
        _ = await session.readResource("x:y", with: CallOptions(headers: headers))
        _ = await session.getPrompt("p", with: CallOptions(headers: headers))
        _ = await session.callTool("t")
        let sent = frames.withLock { $0 }.suffix(4)
        #expect(sent.map { $0.head.fields.map(\.name) } == [["X-A"], ["X-A"], ["X-A"], []])
    }

    @Test func headersOfACallHaveNoMeaningForAProcess() async throws {
        let session = try await TesterSession.calling(#"{"content":[]}"#)
        let answer = await session.callTool("t", with: CallOptions(headers: [HTTPField("X-A", "s3cret")])).json
        #expect(answer["success"] == true)
        #expect(answer["findings"]?[0]?["failure_class"] == "usage")
        #expect(!answer.description.contains("s3cret"))
    }

    @Test func aToolWhoseHeadersCannotBeIsShownAndNotCalledUnlessForced() async throws {
        let schema = #"{"type":"object","properties":{"n":{"type":"number","x-mcp-header":"N"}}}"#
        let tools =
            #"{"resultType":"complete","tools":[{"name":"bad","inputSchema":\#(schema)}],"ttlMs":0,"cacheScope":"private"}"#
        let session = try await connected { frame, _ in
            switch frame.head.method {
            case .toolsList: .result(tools)
            case .toolsCall: .result(#"{"resultType":"complete","content":[]}"#)
            default: nil
            }
        }
        let listed = await session.listTools().json
        #expect(listed["tools"]?[0]?["name"] == "bad")
        #expect(listed["tools"]?[0]?["problems"]?[0]?.string?.contains("x-mcp-header") == true, "\(listed)")
        #expect(listed["findings"]?[0]?["failure_class"] == "schema_mismatch")
        #expect(listed["findings"]?[0]?["message"]?.string?.contains("cannot call tool \"bad\" over HTTP") == true)
        let refused = await session.callTool("bad").json
        #expect(refused["failure_class"] == "schema_mismatch")
        #expect(refused["error"]?["suggestion"]?.string?.contains("set force") == true)
        #expect(await session.callTool("bad", force: true).json["success"] == true)
        let tested = await session.testServer().json
        #expect(tested.outcome == "FAIL")
    }

    // MARK: - Steps

    /// A session that is connected over exchanges of the modern era, which the script answers where it wants.
    private func connected(
        _ script: @escaping @Sendable (OutgoingFrame, Int) -> ScriptedExchanges.Response?
    ) async throws -> TesterSession {
        let about = #""capabilities":{"tools":{},"resources":{},"prompts":{}},"ttlMs":0,"cacheScope":"private""#
        let greeting = #"{"resultType":"complete","supportedVersions":["2026-07-28"],\#(about)}"#
        return try await connected {
            ScriptedExchanges { frame, earlier in
                script(frame, earlier)
                    ?? (frame.head.method == .serverDiscover ? .result(greeting) : .error(-32601, status: 404))
            }
        }
    }

    private func connected(
        to server: CannedServer,
        by makeTransport: @escaping @Sendable (CannedServer) -> any ClientTransport
    ) async throws -> TesterSession {
        try await connected { makeTransport(server) }
    }

    private func connected(
        by makeTransport: @escaping @Sendable () -> any ClientTransport
    ) async throws -> TesterSession {
        let session = session(makeTransport)
        let target = try Target(HTTPEndpoint(url: "http://localhost:8000/mcp"))
        let answer = await session.connect(.init(target: target))
        try #require(answer.failure == nil, "\(answer.json)")
        return session
    }

    private func connect(_ row: Row) async throws -> Report {
        await connect(row.url, row.failure)
    }

    private func connect(_ url: String, _ failure: TransportFailure) async -> Report {
        do {
            return await connect(try TargetResolver(directory: "/").resolve(url), failure)
        } catch {
            return Report(error)
        }
    }

    private func connect(_ target: Target, _ failure: TransportFailure) async -> Report {
        let server = CannedServer { _, _ in nil }
        return await session { FailingTransport(server, failure) }.connect(.init(target: target))
    }

    private func session(_ makeTransport: @escaping @Sendable () -> any ClientTransport) -> TesterSession {
        TesterSession(
            settings: TesterSettings(info: Implementation(name: "t", version: "1")) { _ in makeTransport() },
            clock: SystemTesterClock(FakeClock())
        )
    }
}

extension HTTPFailureTests.Row {
    var failure: TransportFailure {
        var evidence: JSONObject = ["body": "what came"]
        if let status { evidence["status"] = JSONValue(status) }
        return TransportFailure(kind, "It went wrong", evidence: evidence)
    }
}
