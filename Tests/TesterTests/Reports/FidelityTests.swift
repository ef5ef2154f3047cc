import JSON
import MCP
import MCPClient
import TestSupport
import Tester
import Testing

/// What a target sent stands in the answer to the byte.
@Suite(.timeLimit(.minutes(15)))
struct FidelityTests {
    /// Everything that a tree would lose: spelling of numbers, order, duplicates, unknown members, escapes.
    private static let strange =
        #"{"z":1.0,"a":1e400,"n":12345678901234567890,"a":-0.0,"e":"\u00fc\/","new":{"x":[ 1 , 2 ]},"null":null}"#

    @Test func structuredContentIsVerbatim() async throws {
        let session = try await TesterSession.calling(#"{"content":[],"structuredContent":\#(Self.strange)}"#)
        let call = try await toolCall(session)
        #expect(call["structured_content"]?.description == Self.strange)
    }

    @Test func everyKindOfBlockIsVerbatim() async throws {
        let blocks = [
            #"{"type":"text","text":"a","annotations":{"audience":["user"],"priority":0.50},"_meta":\#(Self.strange)}"#,
            #"{"type":"image","data":"AAEC/w==","mimeType":"image/png"}"#,
            #"{"type":"audio","data":"/w==","mimeType":"audio/wav"}"#,
            #"{"type":"resource_link","uri":"HTTP://Example.com:80/%7e","name":"n","size":10.0}"#,
            #"{"type":"resource","resource":{"uri":"x:y","blob":"AA==","mimeType":"a/b"}}"#,
            #"{"type":"hologram","depth":1e400}"#,
        ]
        let content = "[\(blocks.joined(separator: ","))]"
        let session = try await TesterSession.calling(#"{"content":\#(content)}"#)
        let call = try await toolCall(session)
        #expect(call["content"]?.description == content)
        #expect(call["result"]?.string == "a")
    }

    @Test func otherMembersOfTheResultAreVerbatimUnderTheirNames() async throws {
        let result =
            #"{"content":[{"type":"text","text":"a"}],"_meta":\#(Self.strange),"isError":false,"future":\#(Self.strange)}"#
        let call = try await toolCall(try await TesterSession.calling(result))
        #expect(call["meta"]?.description == Self.strange)
        #expect(call["is_error"]?.description == "false")
        #expect(call["future"]?.description == Self.strange)
    }

    @Test func aPlainTextStandsAloneAsUsersKnowIt() async throws {
        let call = try await toolCall(
            try await TesterSession.calling(#"{"content":[{"type":"text","text":"ü\u0041"}]}"#)
        )
        #expect(call.members?.map(\.key) == ["tool_name", "arguments", "result", "execution"])
        #expect(call["result"]?.description == #""ü\u0041""#)
    }

    @Test func aResultWithoutATextIsNullBesideItsContent() async throws {
        let call = try await toolCall(
            try await TesterSession.calling(#"{"content":[{"type":"image","data":"AA==","mimeType":"a/b"}]}"#)
        )
        #expect(call["result"]?.kind == .null)
        #expect(call["content"] != nil)
    }

    @Test func argumentsAreEchoedAsTheyWereGiven() async throws {
        let session = try await TesterSession.calling(#"{"content":[]}"#)
        let answer = await session.callTool("t", arguments: try JSONText(Array(Self.strange.utf8)))
        #expect(answer.structured["tool_call"]?["arguments"]?.description == Self.strange)
    }

    @Test func aToolThatFailedIsShownVerbatim() async throws {
        let result = #"{"content":[{"type":"text","text":"no"}],"isError":true,"structuredContent":\#(Self.strange)}"#
        let answer = await (try await TesterSession.calling(result)).callTool("t")
        #expect(answer.structured["target_result"]?.description == result)
    }

    @Test func toolsAreListedWithEveryMemberAsSent() async throws {
        let schema = #"{"type":"object","x":1.0,"properties":{"b":{},"a":{}}}"#
        let tool = """
            {"_meta":{"k":1.0},"title":"T","outputSchema":\(schema),"name":"n","inputSchema":\(schema),"icons":[{"src":"data:,"}],\
            "annotations":{"readOnlyHint":true},"future":1e400}
            """
        let server = CannedServer { method, _ in method == "tools/list" ? .result(#"{"tools":[\#(tool)]}"#) : nil }
        let answer = await (try await TesterSession.connected(to: server)).listTools()
        let entry = try #require(answer.structured["tools"]?.elements?.first)
        #expect(
            entry.members?.map(\.key)
                == [
                    "name", "description", "input_schema", "meta", "title", "output_schema", "icons", "annotations",
                    "future",
                ]
        )
        #expect(entry["input_schema"]?.description == schema)
        #expect(entry["output_schema"]?.description == schema)
        #expect(entry["future"]?.description == "1e400")
        #expect(entry["description"]?.kind == .null)
    }

    @Test func aBlobComesBackAsItWasSent() async throws {
        let server = CannedServer { method, _ in
            method == "resources/read"
                ? .result(#"{"contents":[{"uri":"x:y","mimeType":"a/b","blob":"AAEC/w==\n"}],"_meta":{"k":1.0}}"#) : nil
        }
        let answer = await (try await TesterSession.connected(to: server)).readResource("x:y")
        let resource = try #require(answer.structured["resource"])
        #expect(resource["content"]?.description == #""AAEC/w==\n""#)
        #expect(resource["encoding"]?.string == "base64")
        #expect(resource["mimeType"]?.string == "a/b")
        #expect(resource["meta"]?.description == #"{"k":1.0}"#)
    }

    @Test func allContentsOfAResourceAreVerbatim() async throws {
        let contents = #"[{"uri":"x:y","text":"a","_meta":{"k":1.0}},{"uri":"x:z","blob":"AA=="}]"#
        let server = CannedServer { method, _ in
            method == "resources/read" ? .result(#"{"contents":\#(contents)}"#) : nil
        }
        let answer = await (try await TesterSession.connected(to: server)).readResource("x:y")
        #expect(answer.structured["resource"]?["contents"]?.description == contents)
        #expect(answer.structured["resource"]?["content"]?.string == "a")
    }

    @Test func theMessagesOfAPromptAreVerbatim() async throws {
        let messages = #"[{"role":"user","content":{"type":"text","text":"a","x":1.0}},{"role":"alien","content":[]}]"#
        let server = CannedServer { method, _ in
            method == "prompts/get" ? .result(#"{"description":"d","messages":\#(messages),"future":1.0}"#) : nil
        }
        let answer = await (try await TesterSession.connected(to: server)).getPrompt("p")
        let prompt = try #require(answer.structured["prompt"])
        #expect(prompt["messages"]?.description == messages)
        #expect(prompt["description"]?.string == "d")
        #expect(prompt["future"]?.description == "1.0")
    }

    @Test func aRawResultIsVerbatim() async throws {
        let server = CannedServer { method, _ in method == "no/such" ? .result(Self.strange) : nil }
        let answer = await (try await TesterSession.connected(to: server)).raw(.method("no/such", params: nil))
        #expect(answer.structured["response"]?["result"]?.description == Self.strange)
    }

    @Test func theGreetingIsVerbatim() async throws {
        let greeting =
            #"{"serverInfo":{"version":"1","name":"n","x":1.0},"capabilities":{},"protocolVersion":"2025-11-25","z":1e400}"#
        let server = CannedServer { method, _ in method == "initialize" ? .result(greeting) : nil }
        let session = TesterSession(
            settings: TesterSettings(info: .init(name: "t", version: "1")) { _ in server.transport() },
            clock: SystemTesterClock(FakeClock())
        )
        let answer = await session.connect(.init(target: Target(command: "canned"), era: .legacy))
        #expect(answer.structured["target_greeting"]?.description == greeting)
    }

    private func toolCall(_ session: TesterSession) async throws -> JSONText {
        let answer = await session.callTool("t")
        #expect(answer.failure == nil, "\(answer.verdict)")
        return try #require(answer.structured["tool_call"])
    }
}
