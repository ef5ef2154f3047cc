import JSON
import JSONRPC
import MCP
import MCPClient
import TestSupport
import Testing

/// Bytes that are sent unchanged, because a tester must be able to break every rule.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct RawRequestTests {
    @Test func aWholeRequestIsAnsweredUnderItsOwnID() async throws {
        try await withClient { client in
            let text = #"{"jsonrpc":"2.0","id":"mine","method":"ping"}"#
            let result = try await client.send(raw: Array(text.utf8))
            #expect(result.id == "mine")
            #expect(result.result.description == "{}")
        }
    }

    @Test func anIntegerIDOfARawRequestIsNotReused() async throws {
        try await withClient { client in
            _ = try await client.send(raw: Array(#"{"jsonrpc":"2.0","id":40,"method":"ping"}"#.utf8))
            #expect(try await client.ping().id == 41)
        }
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":1,"method":"#, -32700), (#""a string""#, -32600), ("[7]", -32600),
        ("nonsense", -32700),
    ])
    func anInvalidRequestGetsTheErrorWithoutAnID(_ text: String, _ code: Int) async throws {
        try await withClient { client in
            let failure = try await #require(throws: CallError.self) { try await client.send(raw: Array(text.utf8)) }
            guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
            #expect(error.code == code)
            #expect(failure.request == Array(text.utf8))
            // The connection lives on.
            #expect(try await client.ping().result.description == "{}")
        }
    }

    @Test func anyMethodCanBeCalled() async throws {
        try await withClient { client in
            let failure = try await #require(throws: CallError.self) {
                try await client.call(Method(rawValue: "no/such"), params: ["x": 1])
            }
            guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
            #expect(error.code == -32601)
        }
    }

    @Test func aRawNotificationIsSentWithoutWaiting() async throws {
        let server = try FaultyServer()
        let client = try await Client.connect(to: server, era: .legacy)
        let text = #"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"#
        try client.post(raw: Array(text.utf8))
        await client.close()
        #expect(try server.methods().last == "notifications/roots/list_changed")
    }

    private func withClient(_ body: (Client) async throws -> Void) async throws {
        let client = try await Client.connect(to: FaultyServer(), era: .legacy)
        try await body(client)
        await client.close()
    }
}
