import Foundation
import JSON
import TestSupport
import Testing

/// Who owns a connection created over HTTP, and when it is closed.
@Suite(.timeLimit(.minutes(15)))
struct HTTPSessionTests {
    /// A legacy host with a session.
    private struct Session {
        let served: ServedProgram
        let id: String

        init(_ served: ServedProgram, token: String? = nil) async throws {
            self.served = served
            let params: JSONValue = [
                "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "e2e", "version": "1"],
            ]
            let answer = try await RawHTTP.post(
                ["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params],
                to: served.port,
                ["Authorization": token.map { "Bearer \($0)" }]
            )
            id = try #require(answer["mcp-session-id"], "\(answer)")
            let ready = try await post(["jsonrpc": "2.0", "method": "notifications/initialized"])
            #expect(ready.status == 202, "\(ready)")
        }

        func post(_ message: JSONValue) async throws -> RawHTTP.Answer {
            let fields = ["Mcp-Session-Id": id, "MCP-Protocol-Version": "2025-11-25"]
            return try await RawHTTP.post(message, to: served.port, fields)
        }

        func call(_ tool: String, _ arguments: JSONValue = [:]) async throws -> JSONValue {
            let params: JSONValue = ["name": .string(tool), "arguments": arguments]
            let answer = try await post(["jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params])
            return try HTTPSessionTests.structured(answer)
        }

        func delete() async throws -> RawHTTP.Answer {
            let fields = ["Mcp-Session-Id": id, "MCP-Protocol-Version": "2025-11-25"]
            return try await RawHTTP.request("DELETE", served.port, "/mcp", fields)
        }
    }

    /// A stateless tool call.
    private static func call(
        _ served: ServedProgram,
        _ tool: String,
        _ arguments: JSONValue = [:],
        token: String? = nil
    ) async throws -> JSONValue {
        let params = JSONObject.modern(["name": .string(tool), "arguments": arguments])
        let answer = try await RawHTTP.post(
            ["jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": .object(params)],
            to: served.port,
            [
                "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool,
                "Authorization": token.map { "Bearer \($0)" },
            ]
        )
        return try structured(answer)
    }

    /// The structured content of a response, which is JSON or the last event of a stream.
    private static func structured(_ answer: RawHTTP.Answer) throws -> JSONValue {
        let lines = answer.body.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("data: {") }
        let text = lines.last.map { String($0.dropFirst("data: ".count)) } ?? answer.body
        return try #require(try JSONValue(parsing: text)["result"]?["structuredContent"], "\(answer)")
    }

    private static func demo(_ lifeLine: Lifeline, _ others: JSONObject = [:]) -> JSONValue {
        var arguments = others
        arguments["command"] = "/bin/sh"
        arguments["args"] = ["-c", .string("\(lifeLine.grab) exec '\(Product.path)' demo")]
        return .object(arguments)
    }

    @Test func sessionsDoNotSeeEachOther() async throws {
        let served = try await ServedProgram()
        let (lifeLine, other) = (try Lifeline(), try Lifeline())
        let (first, second) = (try await Session(served), try await Session(served))
        #expect(first.id != second.id)
        #expect(try await first.call("connect_to_server", Self.demo(lifeLine))["success"] == true)
        #expect(try await second.call("get_connection_status")["connected"] == false)
        #expect(try await second.call("connect_to_server", Self.demo(other))["success"] == true)

        // Ending one session terminates its targets and nothing else.
        #expect(try await (200...204).contains(first.delete().status))
        #expect(await lifeLine.isLetGo())
        #expect(
            try await second.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])["success"] == true
        )
        #expect(try await first.post(["jsonrpc": "2.0", "id": 9, "method": "ping"]).status == 404)
        await served.stop()
        #expect(await other.isLetGo())
    }

    @Test func withoutSessionsAConnectionBelongsToThePrincipal() async throws {
        let folder = try TemporaryFolder()
        let tokens = try folder.write("ada token-of-ada-1\nbob token-of-bob-2\n", to: "tokens")
        let served = try await ServedProgram(["serve", "--auth-token-file", tokens])
        let lifeLine = try Lifeline()
        let connected = try await Self.call(
            served,
            "connect_to_server",
            Self.demo(lifeLine, ["name": "mine"]),
            token: "token-of-ada-1"
        )
        #expect(connected["success"] == true, "\(connected)")
        let id = try #require(connected["connection_id"] ?? connected["connection"]?["connection_id"], "\(connected)")

        let question: JSONValue = ["name": "echo", "arguments": ["message": "hi"], "connection_name": "mine"]
        let own = try await Self.call(served, "call_tool", question, token: "token-of-ada-1")
        #expect(own["tool_call"]?["result"] == "hi", "\(own)")
        let byID: JSONValue = ["name": "echo", "arguments": ["message": "hi"], "connection_name": id]
        #expect(try await Self.call(served, "call_tool", byID, token: "token-of-ada-1")["success"] == true)

        // No other principal can use it.
        for arguments in [question, byID] {
            let foreign = try await Self.call(served, "call_tool", arguments, token: "token-of-bob-2")
            #expect(foreign["success"] == false && foreign["error"]?["error_type"] == "not_connected", "\(foreign)")
        }
        // X04: nor a result that is kept for it, by a handle that is easy to guess.
        let long: JSONValue = ["message": .string(String(repeating: "secret-of-ada ", count: 4000))]
        let kept: JSONValue = ["name": "echo", "arguments": long, "connection_name": "mine"]
        let large = try await Self.call(served, "call_tool", kept, token: "token-of-ada-1")
        let words = large["more"]?.string?.split(separator: " ") ?? []
        let handle = try #require(words.first { $0.hasPrefix("@") }, "\(large)")
        let reading: JSONValue = ["handle": .string(String(handle))]
        let read = try await Self.call(served, "read_result", reading, token: "token-of-ada-1")
        #expect(read["success"] == true, "\(read)")
        let stolen = try await Self.call(served, "read_result", reading, token: "token-of-bob-2")
        #expect(stolen["success"] == false && !stolen.description.contains("secret-of-ada"), "\(stolen)")
        let bob = try await Self.call(served, "get_connection_status", token: "token-of-bob-2")
        #expect(bob["connected"] == false, "\(bob)")
        await served.stop()
        #expect(await lifeLine.isLetGo())
    }

    @Test func theSessionOfAnotherPrincipalIsNotFound() async throws {
        let folder = try TemporaryFolder()
        let tokens = try folder.write("ada token-of-ada-1\nbob token-of-bob-2\n", to: "tokens")
        let served = try await ServedProgram(["serve", "--auth-token-file", tokens])
        let answer = try await RawHTTP.post(
            [
                "jsonrpc": "2.0", "id": 1, "method": "initialize",
                "params": [
                    "protocolVersion": "2025-11-25", "capabilities": [:],
                    "clientInfo": ["name": "e2e", "version": "1"],
                ],
            ],
            to: served.port,
            ["Authorization": "Bearer token-of-ada-1"]
        )
        let id = try #require(answer["mcp-session-id"], "\(answer)")
        func ping(_ token: String) async throws -> Int {
            try await RawHTTP.post(
                ["jsonrpc": "2.0", "id": 2, "method": "ping"],
                to: served.port,
                ["Authorization": "Bearer \(token)", "Mcp-Session-Id": id, "MCP-Protocol-Version": "2025-11-25"]
            ).status
        }
        #expect(try await ping("token-of-bob-2") == 404)
        #expect(try await ping("token-of-ada-1") == 200)
        await served.stop()
    }

    /// A server whose target never responds, and a session that waits for it.
    private static func waiting(_ lifeLine: Lifeline) async throws -> (ServedProgram, Task<RawHTTP.Answer, any Error>) {
        let served = try await ServedProgram()
        let session = try await Session(served)
        let script = "\(lifeLine.grab) exec '\(Product.path)' demo --fault never-answer"
        let target: JSONValue = ["command": "/bin/sh", "args": ["-c", .string(script)]]
        #expect(try await session.call("connect_to_server", target)["success"] == true)
        // The number of frames shows when the call has been sent to the target.
        func frames() async throws -> JSONNumber? {
            try await session.call("get_connection_status")["evidence"]?["frames"]?.number
        }
        let before = try await frames()
        let open = Task {
            try await session.post([
                "jsonrpc": "2.0", "id": 6, "method": "tools/call",
                "params": ["name": "call_tool", "arguments": ["name": "echo"]],
            ])
        }
        while try await frames() == before { await Task.yield() }
        return (served, open)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func aSignalStopsTheServerGracefullyAndTerminatesItsTargets(_ signal: Int32) async throws {
        let lifeLine = try Lifeline()
        let (served, open) = try await Self.waiting(lifeLine)
        #expect(served.program.process.kill(signal))
        // After the shutdown timeout the call gets an error.
        let answer = try await open.value
        #expect(answer.status == 200, "\(answer)")
        let error = try answer.json()["error"]
        #expect(error?["code"] == -32603 && error?["message"] == "the server is stopping", "\(answer)")
        #expect(await served.program.ended().code == 0)
        #expect(await lifeLine.isLetGo())
    }

    @Test func aSecondSignalTerminatesTheServerAtOnce() async throws {
        let lifeLine = try Lifeline()
        let (served, open) = try await Self.waiting(lifeLine)
        #expect(served.program.process.kill(SIGTERM))
        #expect(served.program.process.kill(SIGINT))
        #expect([130, 143].contains(await served.program.ended().code))
        #expect(await lifeLine.isLetGo())
        // The open request gets no response.
        await #expect(throws: RawHTTP.NoAnswer.self) { try await open.value }
    }
}
