import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Testing

/// What HTTP says again of a message travels beside its bytes, so that none need be read for it.
@Suite(.timeLimit(.minutes(5)))
struct FrameHeadTests {
    private static let named: [(Method, JSONObject, String?)] = [
        (.toolsCall, ["name": "größe"], "größe"), (.promptsGet, ["name": "p"], "p"),
        (.resourcesRead, ["uri": "file:///a b"], "file:///a b"), (.tasksGet, ["taskId": "t"], "t"),
        (.tasksUpdate, ["taskId": "t"], "t"), (.tasksCancel, ["taskId": "t"], "t"), (.toolsList, ["name": "no"], nil),
        (.resourcesSubscribe, ["uri": "no"], nil), (.toolsCall, ["name": 7], nil),
    ]

    @Test(arguments: named)
    func theHeadHasMethodAndName(_ method: Method, _ params: JSONObject, _ name: String?) async throws {
        for exchanges in [ScriptedExchanges.modern(), .legacy()] {
            let client = try await Client.connect(over: exchanges)
            _ = try await client.call(method, params: params)
            let head = try #require(exchanges.sent.last).head
            #expect(head.method == method)
            #expect(head.name == name)
        }
    }

    @Test func modernMessagesNameTheirRevisionAndLegacyOnesDoNot() async throws {
        let modern = ScriptedExchanges.modern()
        _ = try await Client.connect(over: modern).callTool("a")
        #expect(modern.sent.map(\.head.revision) == ["2026-07-28", "2026-07-28"])
        let legacy = ScriptedExchanges.legacy()
        _ = try await Client.connect(over: legacy, era: .legacy).callTool("a")
        #expect(legacy.sent.map(\.head.revision) == [nil, nil, nil])
        #expect(legacy.methods == ["initialize", "notifications/initialized", "tools/call"])
    }

    private static let revisions: [(JSONValue, String?)] = [(.string("1999-01-01"), "1999-01-01"), (7, nil)]

    @Test(arguments: revisions)
    func theHeadHasTheUsersRevision(_ given: JSONValue, _ said: String?) async throws {
        let exchanges = ScriptedExchanges.modern()
        let client = try await Client.connect(over: exchanges)
        _ = try await client.callTool("a", meta: ["io.modelcontextprotocol/protocolVersion": given])
        #expect(exchanges.sent.last?.head.revision == said)
    }

    @Test func fieldsOfACallAreSentWithThatCallOnly() async throws {
        let exchanges = ScriptedExchanges.modern()
        let client = try await Client.connect(over: exchanges)
        _ = try await client.callTool("a", fields: [("X-Trace", "1"), ("X-Trace", "2")])
        _ = try await client.readResource("a:b", fields: [("X-Trace", "3")])
        _ = try await client.getPrompt("a", fields: [("X-Trace", "4")])
        _ = await client.list(.tools, fields: [("X-Trace", "5")])
        _ = try await client.callTool("a")
        let values = exchanges.sent.map { $0.head.fields.map(\.value) }
        #expect(values == [[], ["1", "2"], ["3"], ["4"], ["5"], []])
    }

    private static let handWritten: [(String, String?, String?, String?)] = [
        (#"{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"n"}}"#, "tools/call", "n", nil),
        (
            #"{"jsonrpc":"2.0","id":"x","method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"z"}}}"#,
            "ping", nil, "z"
        ),
        (#"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#, "notifications/cancelled", nil, nil),
        (#"{"jsonrpc":"2.0","id":"x","#, nil, nil, nil), ("[]", nil, nil, nil),
    ]

    @Test(arguments: handWritten)
    func theHeadOfRawBytesHasWhatCanBeParsed(
        _ text: String,
        _ method: String?,
        _ name: String?,
        _ revision: String?
    ) async throws {
        let exchanges = ScriptedExchanges.modern()
        let client = try await Client.connect(over: exchanges)
        let bytes = Array(text.utf8)
        _ = try await client.send(raw: bytes, fields: [("A", "b")])
        try client.post(raw: bytes, fields: [("A", "b")])
        for frame in exchanges.sent.suffix(2) {
            #expect(frame.bytes == bytes)
            #expect(frame.head.method?.rawValue == method)
            #expect(frame.head.name == name)
            #expect(frame.head.revision == revision)
            #expect(frame.head.fields.map(\.name) == ["A"])
        }
    }

    @Test func theTransportCancelsOrANotificationIsSent() async throws {
        let modern = ScriptedExchanges.modern { _, _ in .silence }
        try await cancelACall(over: modern)
        #expect(modern.abandoned.count == 1)
        #expect(modern.methods == ["server/discover", "tools/call"])
        let legacy = ScriptedExchanges.legacy { _, _ in .silence }
        try await cancelACall(over: legacy)
        #expect(legacy.abandoned.count == 1)
        #expect(legacy.methods.last == "notifications/cancelled")
    }

    private func cancelACall(over exchanges: ScriptedExchanges) async throws {
        let client = try await Client.connect(over: exchanges)
        let before = exchanges.sent.count
        let call = Task { try await client.callTool("slow") }
        await exchanges.untilSent(before + 1)
        call.cancel()
        let failure = try await #require(throws: CallError.self) { try await call.value }
        guard case .failed(.cancelled) = failure.cause else { return #expect(Bool(false), "\(failure)") }
    }
}
