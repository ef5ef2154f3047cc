import JSON
import JSONRPC
import MCP
import MCPClient
import TestSupport
import Testing

/// What a server receives, as logged by the server itself.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct RequestOnTheWireTests {
    @Test(arguments: [FaultyServer.Era.legacy, .modern])
    func everyCallIsOneRequest(_ era: FaultyServer.Era) async throws {
        let server = try FaultyServer(era: era)
        let client = try await Client.connect(to: server)
        let before = try server.log().count
        _ = try await client.callTool("echo", arguments: JSONText(["message": "hi"]))
        _ = try await client.readResource("memo://hello")
        _ = try await client.getPrompt("greet", arguments: JSONText(["name": "Ada"]))
        _ = try await client.ping()
        _ = await client.list(.prompts)
        await client.close()
        let expected = ["tools/call", "resources/read", "prompts/get", era == .legacy ? "ping" : "server/discover"]
        #expect(try server.methods().suffix(5) == expected + ["prompts/list"])
        #expect(before <= (era == .legacy ? 3 : 1))
    }

    @Test func everyModernRequestHasTheWholeEnvelope() async throws {
        let server = try FaultyServer(era: .modern)
        try await useEverything(try await Client.connect(to: server))
        for message in try server.log() {
            let meta = message["params"]?["_meta"]
            #expect(meta?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28", "\(message)")
            #expect(meta?["io.modelcontextprotocol/clientInfo"]?["name"] == "client-tests", "\(message)")
            #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == [:], "\(message)")
        }
        #expect(try server.log().count == 8)
    }

    @Test func noLegacyRequestHasAnEnvelope() async throws {
        let server = try FaultyServer(era: .legacy)
        try await useEverything(try await Client.connect(to: server, era: .legacy))
        for message in try server.log() {
            #expect(message["params"]?["_meta"]?.object?.keys ?? ["progressToken"] == ["progressToken"], "\(message)")
        }
        #expect(try server.log().first?["params"]?["clientInfo"]?["name"] == "client-tests")
        #expect(try server.methods().filter { $0 == "notifications/initialized" }.count == 1)
    }

    @Test(arguments: FaultyServer.Era.allCases)
    func noTwoRequestsHaveTheSameID(_ era: FaultyServer.Era) async throws {
        let server = try FaultyServer(era: era)
        try await useEverything(try await Client.connect(to: server))
        let ids = try server.log().compactMap { $0["id"] }
        #expect(ids.count >= 8)
        #expect(Set(ids).count == ids.count)
    }

    @Test func argumentsAreSentByteForByte() async throws {
        let server = CannedServer { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let client = try await Client.connect(to: server)
        let arguments = #"{"b":1.0,"a":1e400,"n":12345678901234567890123,"b":"ü\u0041","\u0000":[ ]}"#
        _ = try await client.callTool("t", arguments: try JSONText(Array(arguments.utf8)))
        let sent = String(decoding: try #require(server.inbox.frames.last), as: UTF8.self)
        #expect(sent.contains(#""arguments":\#(arguments)"#))
    }

    @Test func aURIIsSentUnchanged() async throws {
        let server = try FaultyServer()
        let client = try await Client.connect(to: server, era: .legacy)
        _ = await #expect(throws: CallError.self) {
            try await client.readResource("HTTP://Example.com:80/a b/../ü?q#f")
        }
        await client.close()
        #expect(try server.log().last?["params"]?["uri"] == "HTTP://Example.com:80/a b/../ü?q#f")
    }

    @Test func theUsersEnvelopeMembersTakePrecedence() async throws {
        let server = CannedServer(.modern) { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let client = try await Client.connect(to: server)
        let meta: JSONObject = ["io.modelcontextprotocol/protocolVersion": "1999-01-01", "mine": true]
        _ = try await client.callTool("t", meta: meta)
        let sent = try #require(try server.inbox.allJSON().last?["params"]?["_meta"])
        #expect(sent["io.modelcontextprotocol/protocolVersion"] == "1999-01-01")
        #expect(sent["mine"] == true)
        #expect(sent["io.modelcontextprotocol/clientInfo"] != nil)
    }

    @Test func theLogLevelAndCompletionRequestsFollowTheSpecification() async throws {
        let server = CannedServer { method, _ in
            switch method {
            case "logging/setLevel": .result("{}")
            case "completion/complete": .result(#"{"completion":{"values":["Ada"],"hasMore":false}}"#)
            default: nil
            }
        }
        let client = try await Client.connect(to: server, era: .legacy)
        #expect(try await client.setLogLevel(.warning)?.result.description == "{}")
        let level = try #require(try server.inbox.allJSON().last)
        #expect(level["method"] == "logging/setLevel")
        #expect(level["params"] == ["level": "warning"])
        let completion = try await client.complete(
            ["type": "ref/prompt", "name": "greet"],
            argument: "name",
            value: "A",
            context: ["language": "en"]
        )
        #expect(completion.result["completion"]?["values"]?.description == #"["Ada"]"#)
        let params = try #require(try server.inbox.allJSON().last?["params"])
        #expect(params["ref"] == ["type": "ref/prompt", "name": "greet"])
        #expect(params["argument"] == ["name": "name", "value": "A"])
        #expect(params["context"] == ["arguments": ["language": "en"]])
        await client.close()
    }

    private func useEverything(_ client: Client) async throws {
        _ = try await client.callTool("echo", arguments: JSONText(["message": "hi"]))
        for kind in ListKind.allCases { _ = await client.list(kind) }
        _ = try await client.readResource("memo://hello")
        _ = await #expect(throws: CallError.self) {
            try await client.complete(["type": "ref/prompt", "name": "greet"], argument: "name", value: "A")
        }
        await client.close()
    }
}
