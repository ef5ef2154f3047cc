import JSON
import TestSupport
import Tester
import Testing

/// Several calls of one target that are open at the same time, over one way that does not say which of them asks.
@Suite(.timeLimit(.minutes(15)))
struct CallsAtOnceTests {
    /// A server whose `ask` asks and then waits, whose `slow` is silent, and whose `finish` ends the call 3, the first.
    private static func server() -> CannedServer {
        let form = #"{"message":"Who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}}}"#
        let result = #"{"content":[{"type":"text","text":"done"}]}"#
        return CannedServer { method, message in
            guard method == "tools/call" else { return nil }
            switch message["params"]?["name"] {
            case "ask":
                return .frames([#"{"jsonrpc":"2.0","id":"q<id>","method":"elicitation/create","params":\#(form)}"#])
            case "finish":
                return .frames([
                    #"{"jsonrpc":"2.0","id":3,"result":\#(result)}"#,
                    #"{"jsonrpc":"2.0","id":<id>,"result":\#(result)}"#,
                ])
            default: return .silence
            }
        }
    }

    private func key(_ asked: Report) throws -> String {
        let questions = try #require(asked.json["questions"]?.array, "\(asked.json)")
        try #require(questions.count == 1)
        return try #require(questions[0]["key"]?.string)
    }

    @Test func eachCallTellsItsOwnQuestionThoughAnotherWaits() async throws {
        let server = Self.server()
        let session = try await TesterSession.connected(to: server)
        let (first, second) = (await session.callTool("ask"), await session.callTool("ask"))
        #expect(first.json["call_id"] != second.json["call_id"])
        #expect(try (key(first), key(second)) == ("q3", "q4"))
        for (asked, name) in [(second, "Bob"), (first, "Ada")] {
            let id = asked.json["call_id"]?.string
            let task = Task { await session.respond(id, with: ["": ["content": ["name": .string(name)]]]) }
            #expect(await server.inbox.next(containing: name).contains(#""id":"\#(try key(asked))""#))
            task.cancel()
            _ = await task.value
        }
        await session.close()
    }

    @Test func aQuestionOutlivesACallThatWasTakenForItsOwn() async throws {
        let server = Self.server()
        let session = try await TesterSession.connected(to: server)
        let slow = Task { await session.callTool("slow") }
        _ = await server.inbox.next(containing: #""name":"slow""#)
        let ask = Task { await session.callTool("ask") }
        #expect(try await key(slow.value) == "q4", "of two that are open, the older one is taken for it")
        #expect(await session.callTool("finish").failure == nil)
        let asked = await ask.value
        #expect(try key(asked) == "q4")
        let task = Task { await session.respond(asked.json["call_id"]?.string, with: ["q4": ["action": "decline"]]) }
        #expect(await server.inbox.next(containing: #""id":"q4""#).contains(#""action":"decline""#))
        task.cancel()
        _ = await task.value
        await session.close()
    }

    @Test(arguments: 0..<50)
    func answersGivenTogetherAreTakenTogether(_ attempt: Int) async throws {
        // The refusal of one ends the call, which calls the others off.
        let questions: [InputRequestingServer.Question] = [.sampling("a"), .sampling("b"), .roots("c"), .form("d")]
        let session = try await TesterSession.connected(to: InputRequestingServer(.modern, rounds: [questions]))
        _ = await session.callTool("ask")
        let no: JSONValue = ["action": "decline"]
        let end = await session.respond(nil, with: ["a": no, "b": no, "c": no, "d": no])
        #expect(end.failure?.failureClass != .usage, "\(end.json)")
        await session.close()
    }
}
