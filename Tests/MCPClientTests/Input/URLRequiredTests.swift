import JSON
import JSONRPC
import MCP
import MCPClient
import Synchronization
import TestSupport
import Testing

/// An error of 2025-11-25 that names pages for the user to open; then the call is repeated.
@Suite(.timeLimit(.minutes(5)))
struct URLRequiredTests {
    private static let error = """
        {"code":-32042,"message":"open it","data":{"elicitations":[\
        {"mode":"url","message":"Go","url":"https://example.com/a","elicitationId":"e1"}]}}
        """

    private func server() -> TalkingServer {
        let calls = Atomic<Int>(0)
        return TalkingServer(.v2025_11_25) { server, message in
            guard message["method"] == "tools/call" else { return }
            if calls.add(1, ordering: .relaxed).newValue == 1 {
                server.refuse(message, Self.error)
            } else {
                server.answer(message, #"{"content":[]}"#)
            }
        }
    }

    @Test func theCallIsRepeatedAfterThePagesWereOpened() async throws {
        let asked = Notebook<ReceivedInputRequest>()
        let server = server()
        let client = try await server.connect {
            $0.input.elicitation = { question in
                asked.add(question)
                return ["action": "accept"]
            }
        }
        let result = try await client.callTool("t", arguments: JSONText(["a": 1]))
        #expect(result.requests.count == 2)
        let question = try #require(asked.all.first)
        #expect(question.origin == .error)
        #expect(question.key == "e1")
        #expect(question.mode == .url)
        let calls = try server.requests("tools/call")
        #expect(calls.map { $0["params"]?["arguments"] } == [["a": 1], ["a": 1]])
        #expect(calls[0]["id"] != calls[1]["id"])
        #expect(calls[1]["params"]?["inputResponses"] == nil)
    }

    @Test(arguments: ["decline", "cancel"])
    func theErrorIsThrownIfThePageIsRefused(_ action: String) async throws {
        let server = server()
        let client = try await server.connect { $0.input.elicitation = { _ in ["action": .string(action)] } }
        let failure = try await #require(throws: CallError.self) { try await client.callTool("t") }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32042)
        #expect(try server.requests("tools/call").count == 1)
    }

    @Test func theErrorIsThrownIfPagesAreNotSupported() async throws {
        let client = try await server().connect()
        let failure = try await #require(throws: CallError.self) { try await client.callTool("t") }
        guard case .rejected = failure.cause else { return #expect(Bool(false), "\(failure)") }
    }
}
