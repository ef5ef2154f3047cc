import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// Arguments that a tool's schema asks to be repeated go into the heads of its calls.
@Suite(.timeLimit(.minutes(5)))
struct MirroredToolsTests {
    private static let region = #"{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}"#

    private static func list(_ schema: String = region) -> ScriptedExchanges.Response {
        .result(
            #"{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"plain","inputSchema":{"type":"object"}},{"name":"mirror","inputSchema":\#(schema)}]}"#
        )
    }

    private func server(_ schema: String = region) -> ScriptedExchanges {
        .modern { frame, _ in
            frame.head.method == .toolsList ? Self.list(schema) : .result(#"{"resultType":"complete","content":[]}"#)
        }
    }

    private func arguments(_ exchanges: ScriptedExchanges) -> [String] {
        exchanges.sent.last?.head.arguments.map { "\($0.field)=\($0.value)" } ?? []
    }

    @Test func theArgumentsOfAListedToolAreRepeated() async throws {
        let schema = """
            {"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"plain":{"type":"string"},\
            "at":{"type":"object","properties":{"row":{"type":"integer","x-mcp-header":"Row"},\
            "on":{"type":"boolean","x-mcp-header":"On"}}}}}
            """
        let exchanges = server(schema)
        let client = try await Client.connect(over: exchanges)
        _ = await client.list(.tools)
        let all = JSONText(["region": " größe ", "plain": "x", "at": ["row": 42, "on": false]])
        _ = try await client.callTool("mirror", arguments: all)
        #expect(arguments(exchanges) == ["Region= größe ", "Row=42", "On=false"])
        _ = try await client.callTool("mirror", arguments: JSONText(["region": .null, "at": ["row": 1.5]]))
        #expect(arguments(exchanges) == [])
        _ = try await client.callTool("mirror")
        #expect(arguments(exchanges) == [])
        _ = try await client.callTool("plain", arguments: all)
        #expect(arguments(exchanges) == [])
        // The general way is no other.
        _ = try await client.call(.toolsCall, params: ["name": "mirror", "arguments": ["region": "eu"]])
        #expect(arguments(exchanges) == ["Region=eu"])
    }

    @Test func theArgumentsOfAnUnlistedToolAreNotRepeated() async throws {
        let exchanges = server()
        let client = try await Client.connect(over: exchanges)
        _ = try await client.callTool("mirror", arguments: JSONText(["region": "eu"]))
        #expect(arguments(exchanges) == [])
        #expect(exchanges.methods == ["server/discover", "tools/call"])
    }

    @Test func onlyModernHTTPRepeatsArguments() async throws {
        let legacy = ScriptedExchanges.legacy { frame, _ in
            frame.head.method == .toolsList ? Self.list() : .result("{}")
        }
        let other = ScriptedExchanges(kind: .inMemory) { frame, _ in
            switch frame.head.method {
            case .serverDiscover: .modernGreeting()
            case .toolsList: Self.list(#"{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#)
            default: .result(#"{"resultType":"complete"}"#)
            }
        }
        for exchanges in [legacy, other] {
            let client = try await Client.connect(over: exchanges)
            _ = await client.list(.tools)
            _ = try await client.callTool("mirror", arguments: JSONText(["region": "eu", "a": 1]))
            #expect(arguments(exchanges) == [])
            #expect(client.toolFaults.isEmpty)
        }
    }

    @Test(arguments: [
        #"{"type":"object","properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
        #"{"type":"object","properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
        #"{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"a b"}}}"#,
        #"{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}"#,
        #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}"#,
    ])
    func anInvalidToolHasAReasonAndIsCalledOnlyByForce(_ schema: String) async throws {
        let exchanges = server(schema)
        let client = try await Client.connect(over: exchanges)
        #expect(await client.list(.tools).items.count == 2)
        #expect(client.toolFaults.keys.map(\.self) == ["mirror"])
        #expect(client.toolFaults["mirror"]?.first?.contains("x-mcp-header") == true)
        let failure = try await #require(throws: CallError.self) { try await client.callTool("mirror") }
        guard case .refused(let reason) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(reason.contains("\"mirror\"") && reason.contains("inputSchema"))
        #expect(exchanges.methods == ["server/discover", "tools/list"])
        _ = try await client.callTool("plain")
        _ = try await client.callTool("mirror", force: true)
        #expect(exchanges.methods.suffix(2) == ["tools/call", "tools/call"])
    }

    @Test func aToolThatIsRepairedCanBeCalledAfterTheNextList() async throws {
        let exchanges = ScriptedExchanges.modern { frame, earlier in
            guard frame.head.method == .toolsList else { return .result(#"{"resultType":"complete"}"#) }
            return earlier > 0
                ? Self.list() : Self.list(#"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#)
        }
        let client = try await Client.connect(over: exchanges)
        _ = await client.list(.tools)
        #expect(!client.toolFaults.isEmpty)
        _ = await client.list(.tools)
        #expect(client.toolFaults.isEmpty)
        _ = try await client.callTool("mirror", arguments: JSONText(["region": "eu"]))
        #expect(arguments(exchanges) == ["Region=eu"])
    }

    private func mismatching(times: Int) -> ScriptedExchanges {
        .modern { frame, earlier in
            if frame.head.method == .toolsList { return Self.list() }
            return earlier < times ? .error(-32020, status: 400) : .result(#"{"resultType":"complete"}"#)
        }
    }

    @Test func aMismatchListsTheToolsAgainAndRepeatsTheCallWithANewID() async throws {
        let exchanges = mismatching(times: 1)
        let client = try await Client.connect(over: exchanges)
        _ = try await client.callTool("mirror", arguments: JSONText(["region": "eu"]))
        #expect(exchanges.methods == ["server/discover", "tools/call", "tools/list", "tools/call"])
        #expect(arguments(exchanges) == ["Region=eu"])
        #expect(Set(exchanges.sent.compactMap(\.request)).count == 4)
        let noted = client.link.observations.since(0).map(\.kind)
        guard case .toolsRelisted = noted.last else { return #expect(Bool(false), "\(noted)") }
    }

    @Test func aSecondMismatchIsThrown() async throws {
        let exchanges = mismatching(times: 2)
        let client = try await Client.connect(over: exchanges)
        let failure = try await #require(throws: CallError.self) { try await client.callTool("mirror") }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32020)
        #expect(exchanges.methods.count { $0 == "tools/call" } == 2)
    }

    @Test func aMismatchCausedByTheCallerIsThrown() async throws {
        for (fields, force) in [([("Mcp-Name", "other")], false), ([], true)] {
            let exchanges = mismatching(times: 1)
            let client = try await Client.connect(over: exchanges)
            let fields = fields.map { (name: $0.0, value: $0.1) }
            _ = try await #require(throws: CallError.self) {
                try await client.callTool("mirror", fields: fields, force: force)
            }
            #expect(exchanges.methods == ["server/discover", "tools/call"])
        }
    }
}
