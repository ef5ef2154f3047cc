import Foundation
import JSON
import TestSupport
import Testing

/// Who may use the HTTP server, tested with handwritten requests.
@Suite(.timeLimit(.minutes(15)))
struct HTTPExposureTests {
    private static let ping: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": "ping"]
    private static let greeting: JSONValue = [
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": [
            "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "e2e", "version": "1"],
        ],
    ]

    @Test(arguments: ["0.0.0.0", "::"])
    func anAddressBeyondLoopbackRequiresAToken(_ host: String) async throws {
        let arguments = ["serve", "--transport", "streamable-http", "--host", host, "--port", "0"]
        let run = try await RunningProgram.run(arguments)
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains("--auth-token") && run.errors.contains("--no-auth"), "\(run)")
    }

    @Test func aTokenOnTheCommandLineIsRefusedAndNotPrinted() async throws {
        let arguments = ["serve", "--transport", "streamable-http", "--port", "0", "--auth-token", "literal-6673"]
        let run = try await RunningProgram.run(arguments)
        #expect(run.code == 2, "\(run)")
        #expect(!"\(run)".contains("literal-6673"), "\(run)")
    }

    @Test func everyRequestRequiresTheToken() async throws {
        let served = try await ServedProgram(["serve"], environment: ["MCP_TEST_SERVER_TOKEN": "sesame-2217"])
        for fields in [[:], ["Authorization": "Bearer wrong"], ["Authorization": "Basic c2VzYW1lLTIyMTc="]] {
            let answer = try await RawHTTP.post(Self.greeting, to: served.port, fields)
            #expect(answer.status == 401, "\(answer)")
            #expect(answer["www-authenticate"]?.hasPrefix("Bearer") == true, "\(answer)")
        }
        let inTheURL = try await RawHTTP.post(Self.greeting, to: served.port, path: "/mcp?access_token=sesame-2217")
        #expect(inTheURL.status == 401)
        let right = try await RawHTTP.post(Self.greeting, to: served.port, ["Authorization": "Bearer sesame-2217"])
        #expect(right.status == 200, "\(right)")
        #expect(!"\(await served.stop())".contains("sesame-2217"))
    }

    @Test func aForeignHostOrOriginIsRefused() async throws {
        let served = try await ServedProgram(["serve", "--allowed-origin", "https://app.example.com"])
        let port = served.port
        // What a page sends after DNS rebinding.
        let rebound = ["Host": "evil.example.com", "Origin": "http://evil.example.com"]
        let refused: [[String: String]] = [
            rebound, ["Host": "evil.example.com:\(port)"], ["Origin": "http://evil.example.com"], ["Origin": "null"],
            ["Origin": "http://127.0.0.1.evil.example.com:\(port)"],
        ]
        for fields in refused {
            let answer = try await RawHTTP.post(Self.greeting, to: port, fields)
            #expect(answer.status == 403 || answer.status == 421, "\(fields): \(answer)")
            #expect(answer["mcp-session-id"] == nil)
            #expect(try await RawHTTP.request("GET", port, "/mcp", fields).status >= 400)
        }
        let welcome: [[String: String]] = [
            [:], ["Host": "localhost:\(port)"], ["Origin": "http://127.0.0.1:\(port)"],
            ["Origin": "http://localhost:\(port)", "Host": "localhost:\(port)"], ["Origin": "https://app.example.com"],
        ]
        for fields in welcome {
            let answer = try await RawHTTP.post(Self.greeting, to: port, fields)
            #expect(answer.status == 200, "\(fields): \(answer)")
        }
        await served.stop()
    }

    /// Each is an invalid request and the allowed statuses; afterwards valid requests are still served.
    @Test func invalidRequestsAreRefusedAndValidOnesStillServed() async throws {
        let served = try await ServedProgram(["serve", "--max-body", "64K"])
        let port = served.port
        let big = String(repeating: "x", count: 70_000)
        let refused: [(fields: [String: String?], body: String, statuses: Set<Int>)] = [
            (["Content-Type": "text/plain"], Self.greeting.description, [415]),
            (["Accept": "text/html"], Self.greeting.description, [406]),
            ([:], "no JSON at all", [400]),
            ([:], "", [400]),
            ([:], #"{"jsonrpc":"2.0","id":1,"method":"\#(big)"}"#, [413]),
            (["Mcp-Session-Id": "no-such-session"], Self.ping.description, [404]),
            ([:], Self.ping.description, [400]),
            ([:], "[\(Self.ping)]", [400]),
        ]
        for (fields, body, statuses) in refused {
            let usual: [String: String?] = [
                "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
            ]
            let answer = try await RawHTTP.request("POST", port, "/mcp", usual.merging(fields) { $1 }, body: body)
            #expect(statuses.contains(answer.status), "\(fields) \(body.prefix(100)): \(answer)")
        }
        #expect(try await RawHTTP.request("PUT", port).status == 405)
        #expect(try await RawHTTP.request("GET", port, "/elsewhere").status == 404)
        #expect(try await RawHTTP.post(Self.greeting, to: port).status == 200)
        await served.stop()
    }

    @Test func aPortInUseIsReported() async throws {
        let served = try await ServedProgram()
        let arguments = ["serve", "--transport", "streamable-http", "--port", "\(served.port)"]
        let run = try await RunningProgram.run(arguments)
        #expect(run.code == 3, "\(run)")
        #expect(run.errors.contains("\(served.port)") && run.errors.contains("--port"), "\(run)")
        await served.stop()
    }
}
