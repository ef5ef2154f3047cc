import JSON
import MCP
import MCPClient
import TestSupport
import Testing

/// Requests of a server without a handler are answered as the specification requires.
@Suite(.timeLimit(.minutes(15)))
struct ServerRequestTests {
    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func pingIsAnsweredAndOtherRequestsAreUnknownMethods() async throws {
        let client = try await Client.connect(to: FaultyServer("request-to-client"), era: .legacy)
        let result = try await client.callTool("echo")
        await client.close()
        let answers = try #require(result.result["structuredContent"]?.value())
        #expect(answers["ping"]?["result"] == [:])
        for method in ["roots/list", "sampling/createMessage", "no/such"] {
            #expect(answers[method]?["error"]?["code"] == -32601, "\(method)")
            #expect(answers[method]?["id"] == .string("server-\(method)"))
        }
        let observed = client.link.observations.since(0).map(\.kind.description)
        #expect(observed.filter { $0.hasPrefix("the server sent the request") }.count == 4)
    }

    @Test func aRequestOfAModernServerIsNotAnswered() async throws {
        let server = CannedServer(.modern) { method, _ in
            method == "tools/call"
                ? .frames([
                    #"{"jsonrpc":"2.0","id":"s1","method":"ping"}"#,
                    #"{"jsonrpc":"2.0","id":<id>,"result":{"resultType":"complete","content":[]}}"#,
                ]) : nil
        }
        let client = try await Client.connect(to: server)
        _ = try await client.callTool("t")
        #expect(try server.methods() == ["server/discover", "tools/call"])
        let observed = client.link.observations.since(0)
        #expect(observed.count == 1 && observed.first?.kind.isFault == true, "\(observed)")
        #expect(observed.first?.kind.description.hasPrefix("the server sent the request ping") == true)
    }
}
