import JSON
import MCP
import MCPServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct EraTests {
    private let host: ScriptedHost

    init() throws {
        host = ScriptedHost(try .sample())
    }

    // MARK: - Legacy

    @Test(arguments: Revision.allCases.filter { $0.era == .legacy })
    func eachLegacyVersionIsAccepted(revision: Revision) async throws {
        let answer = try await host.initialize(revision.wireName)
        #expect(answer["result"]?["protocolVersion"]?.string == revision.wireName)
        #expect(answer["result"]?["capabilities"] == ["tools": [:]])
        #expect(answer["result"]?["serverInfo"]?["name"] == "sample")
    }

    @Test(arguments: ["1999-01-01", "2026-07-28", "9999-99-99", ""])
    func initializeWithAnUnsupportedVersionSelectsTheLatestLegacyOne(version: String) async throws {
        let answer = try await host.initialize(version)
        #expect(answer["result"]?["protocolVersion"] == "2025-11-25")
    }

    @Test func beforeInitializeOnlyPingIsServedAndInitializeStillWorks() async throws {
        #expect(try await host.ask("ping")["result"] == [:])
        let refusal = try await host.ask("tools/list")
        #expect(refusal.code == -32602)
        #expect(refusal.message.contains("initialize"))
        try await host.initialize()
        #expect(try await host.ask("tools/list")["result"]?["tools"]?.array?.count == 3)
    }

    // MARK: - Modern

    @Test func aStatelessRequestNeedsNoHandshake() async throws {
        let answer = try await host.ask("tools/call", .modern(["name": "say", "arguments": ["text": "hi"]]))
        #expect(answer.text == "hi")
        #expect(answer["result"]?["resultType"] == "complete")
    }

    @Test func discoveryDescribesTheServer() async throws {
        let result = try await host.ask("server/discover", .modern())["result"]
        #expect(
            result?["supportedVersions"] == ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
        )
        #expect(result?["capabilities"] == ["tools": [:]])
        #expect(result?["ttlMs"] == 0)
        #expect(result?["cacheScope"] == "private")
        #expect(result?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "sample")
        #expect(result?["serverInfo"] == nil)
    }

    @Test(
        arguments: [
            ([:], -32602),
            (["io.modelcontextprotocol/protocolVersion": "2026-07-28"], -32602),
            (["io.modelcontextprotocol/clientCapabilities": [:]], -32602),
            (["io.modelcontextprotocol/clientInfo": ["name": "x", "version": "1"]], -32602),
            (
                [
                    "io.modelcontextprotocol/protocolVersion": 5,
                    "io.modelcontextprotocol/clientCapabilities": [:],
                ], -32602
            ),
            (
                [
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": [],
                ], -32602
            ),
            (
                [
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": [:],
                    "io.modelcontextprotocol/logLevel": "loud",
                ], -32602
            ),
            (
                [
                    "io.modelcontextprotocol/protocolVersion": "1900-01-01",
                    "io.modelcontextprotocol/clientCapabilities": [:],
                ], -32022
            ),
            (
                [
                    "io.modelcontextprotocol/protocolVersion": "2025-11-25",
                    "io.modelcontextprotocol/clientCapabilities": [:],
                ], -32022
            ),
        ] as [(JSONObject, Int)],
        ["tools/list", "server/discover"]
    )
    func anInvalidEnvelopeIsRefused(envelope: (JSONObject, Int), method: String) async throws {
        let answer = try await host.ask(method, ["_meta": .object(envelope.0)])
        #expect(answer.code == envelope.1)
    }

    @Test func theServerDescribesItselfInFullWhenAHostConnects() async throws {
        var server = try Server.sample()
        server.info = Self.fullInfo
        let host = ScriptedHost(server)
        let discovery = try await host.ask("server/discover", .modern())["result"]
        #expect(discovery?["_meta"]?["io.modelcontextprotocol/serverInfo"] == Self.fullInfo.jsonValue)
        #expect(try await host.initialize("2025-11-25")["result"]?["serverInfo"] == Self.fullInfo.jsonValue)
        #expect(try await host.initialize("2025-06-18")["result"]?["serverInfo"] == Self.fullInfo.identity.jsonValue)
    }

    @Test func laterResultsCarryOnlyTheIdentity() async throws {
        var server = try Server.sample()
        server.info = Self.fullInfo
        let host = ScriptedHost(server)
        for (method, params) in [("tools/list", [:]), ("tools/call", ["name": "say", "arguments": ["text": "a"]])]
            as [(String, JSONObject)]
        {
            let result = try await host.ask(method, .modern(params))["result"]
            #expect(
                result?["_meta"]?["io.modelcontextprotocol/serverInfo"] == ["name": "s", "version": "1", "title": "S"]
            )
        }
    }

    private static let fullInfo = Implementation(json: [
        "name": "s", "version": "1", "title": "S", "description": "A server.", "websiteUrl": "https://example.com",
        "icons": [["src": "data:image/png;base64,AAAA", "mimeType": "image/png", "sizes": ["48x48"]]],
    ])

    @Test(arguments: [
        (LoggingSupport.never, false, false), (.legacyOnly, true, false), (.always, true, true),
    ])
    func loggingIsDeclaredOnlyToTheErasThatReceiveIt(logging: LoggingSupport, legacy: Bool, stateless: Bool)
        async throws
    {
        var server = try Server.sample()
        server.logging = logging
        let host = ScriptedHost(server)
        let discovery = try await host.ask("server/discover", .modern())["result"]
        #expect((discovery?["capabilities"]?["logging"] != nil) == stateless)
        let session = try await host.initialize()["result"]
        #expect((session?["capabilities"]?["logging"] != nil) == legacy)
    }

    @Test func aLegacyVersionInAStatelessRequestIsRefusedWithAHint() async throws {
        var params = JSONObject.modern()
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "2025-11-25", "io.modelcontextprotocol/clientCapabilities": [:],
        ]
        let response = try await host.ask("tools/list", params)
        #expect(response.code == -32022)
        #expect(response.message.hasSuffix("2025-11-25 in a stateless request; send initialize to use it"))
    }

    @Test func theErrorForAnUnsupportedVersionListsTheSupportedOnes() async throws {
        var params = JSONObject.modern()
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "v999.0.0", "io.modelcontextprotocol/clientCapabilities": [:],
        ]
        let answer = try await host.ask("tools/list", params)
        let supported: JSONValue = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
        #expect(answer["error"]?["data"] == ["supported": supported, "requested": "v999.0.0"])
    }

    @Test func unknownMembersAreIgnored() async throws {
        let meta: JSONObject = ["traceparent": "00-1-2-01", "x.example/y": [1]]
        let answer = try await host.ask("tools/list", .modern(["extra": [:]], meta: meta))
        #expect(answer["result"]?["tools"]?.array?.count == 3)
    }

    // MARK: - Both at once

    @Test func bothErasAreServedInOneConversation() async throws {
        #expect(try await host.ask("tools/list", .modern())["result"]?["resultType"] == "complete")
        try await host.initialize("2025-06-18")
        #expect(try await host.ask("tools/list")["result"]?["resultType"] == nil)
        #expect(try await host.ask("tools/list", .modern())["result"]?["resultType"] == "complete")
        #expect(try await host.ask("ping")["result"] == [:])
    }

    @Test func aProbeThatIsRefusedLeavesTheHandshakePossible() async throws {
        var params = JSONObject.modern()
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "2099-01-01", "io.modelcontextprotocol/clientCapabilities": [:],
        ]
        #expect(try await host.ask("server/discover", params).code == -32022)
        #expect(try await host.initialize()["result"]?["protocolVersion"] == "2025-11-25")
    }

    // MARK: - Batches

    @Test func aBatchIsAnsweredWhereTheRevisionHasBatches() async throws {
        try await host.initialize("2025-03-26")
        host.send(
            text: """
                [{"jsonrpc":"2.0","id":"a","method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},\
                {"jsonrpc":"2.0","id":"b","method":"tools/list"},{"jsonrpc":"2.0","id":"c","method":"initialize"},4]
                """
        )
        let answers = try [await host.inbox.nextJSON(), await host.inbox.nextJSON(), await host.inbox.nextJSON()]
        #expect(answers.map { $0["id"] } == ["a", "b", "c"])
        #expect(answers[1]["result"]?["tools"]?.array?.count == 3)
        #expect(answers[2].code == -32600)
        #expect(try await host.inbox.nextJSON().code == -32600)
    }

    @Test(arguments: ["2024-11-05", "2025-06-18", "2025-11-25"])
    func aBatchIsRefusedAsAWholeWhereTheRevisionHasNone(version: String) async throws {
        try await host.initialize(version)
        let before = host.inbox.frames.count
        host.send(text: #"[{"jsonrpc":"2.0","id":"a","method":"ping"}]"#)
        let answer = try await host.inbox.nextJSON()
        #expect(answer.code == -32600)
        #expect(answer["id"] == .null)
        #expect(host.inbox.frames.count == before + 1)
    }
}
