import JSON
import JSONRPC
import MCP
import MCPClient
import Testing

@testable import Tester

/// What may be answered to a question, and what is said of the rest.
@Suite(.timeLimit(.minutes(15)))
struct InputReplyTests {
    static let form = ExampleTests.form(
        ["name": ["type": "string", "minLength": 2], "age": ["type": "integer"]],
        required: ["name"]
    )

    private func reasons(_ answer: JSONObject, _ question: ReceivedInputRequest = form) -> [String] {
        do throws(InputReply.Fault) {
            _ = try InputReply.read(answer, to: question)
            return []
        } catch {
            return error.reasons
        }
    }

    private func result(_ answer: JSONObject, _ question: ReceivedInputRequest, isForced: Bool = false) throws
        -> JSONObject?
    {
        if case .result(let result) = try InputReply.read(answer, to: question, isForced: isForced) {
            result
        } else {
            nil
        }
    }

    @Test func aFormIsAcceptedDeclinedOrCancelled() throws {
        let content: JSONObject = ["name": "Ada"]
        #expect(try result(["content": .object(content)], Self.form)?["action"] == "accept")
        #expect(
            try result(["action": "accept", "content": .object(content)], Self.form)?["content"] == .object(content)
        )
        for action in ["decline", "cancel"] {
            #expect(try result(["action": .string(action)], Self.form) == ["action": .string(action)])
        }
    }

    @Test(
        arguments: [
            (["action": "accept"], "name"),
            (["content": ["name": "A"]], "2"),
            (["content": ["name": 7]], "string"),
            (["content": ["name": "Ada", "ages": 7]], "did you mean `age`"),
            (["content": "Ada"], "object"),
            (["action": "agree"], "accept, decline or cancel"),
            ([:], "action is missing"),
            (["name": "Ada"], "belong in content"),
            (["action": "decline", "content": ["name": "Ada"]], "must be omitted"),
            (["error": "no"], "code"),
        ] as [(JSONObject, String)]
    )
    func aWrongAnswerIsToldBySentences(_ answer: JSONObject, _ expected: String) {
        let reasons = reasons(answer)
        #expect(reasons.contains { $0.contains(expected) }, "\(reasons)")
    }

    @Test func aPageIsOnlyAgreedTo() throws {
        let page = ExampleTests.question(.elicitation, ["mode": "url", "message": "?", "url": "https://example.com"])
        #expect(try result(["action": "accept"], page) == ["action": "accept"])
        #expect(reasons(["action": "accept", "content": [:]], page).count == 1)
    }

    @Test func aModelsMessageMayBeJustItsText() throws {
        let question = ExampleTests.question(.sampling, ["messages": [], "maxTokens": 1])
        let expected: JSONValue = ["type": "text", "text": "42"]
        for answer in [["text": "42"], ["content": "42"], ["message": ["content": expected]]] as [JSONObject] {
            let result = try #require(try result(answer, question))
            #expect(result["content"] == expected)
            #expect(result["role"] == "assistant")
            #expect(result["model"] != nil)
        }
        #expect(!reasons(["role": "wizard", "content": expected], question).isEmpty)
        guard case .refusal(.declined) = try InputReply.read(["action": "decline"], to: question) else {
            Issue.record("declined")
            return
        }
    }

    @Test func rootsAreFiles() throws {
        let question = ExampleTests.question(.roots, [:])
        #expect(try result(["roots": ["file:///a"]], question)?["roots"] == [["uri": "file:///a"]])
        #expect(reasons(["roots": ["https://example.com"]], question).first?.contains("file:") == true)
        #expect(!reasons([:], question).isEmpty)
    }

    @Test func whatIsForcedLeavesAsItStands() throws {
        let odd: JSONObject = ["action": "agree", "content": 7, "more": true]
        #expect(try result(odd, Self.form, isForced: true) == odd)
        #expect(try result(["content": ["name": "A"]], Self.form, isForced: true)?["content"] == ["name": "A"])
    }

    @Test func anyQuestionCanBeAnsweredByAnError() throws {
        for kind in ReceivedInputRequest.Kind.allCases {
            let question = ExampleTests.question(kind, [:])
            let reply = try InputReply.read(["error": ["code": -1, "message": "no"]], to: question)
            guard case .refusal(.failed(let error)) = reply else {
                Issue.record("\(reply)")
                continue
            }
            #expect(error.code == -1)
        }
    }
}
