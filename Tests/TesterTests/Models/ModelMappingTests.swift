import JSON
import JSONRPC
import MCP
import TestSupport
import Tester
import Testing

/// Sampling in the words of OpenAI's chat completions, and back: what stands on both wires.
@Suite(.timeLimit(.minutes(15)))
struct ModelMappingTests {
    static let eras: [CannedServer.Era] = [.legacy, .modern]

    /// Calls a target that asks this, with a model that says this.
    private func ask(
        _ params: String = #"{"messages":[{"role":"user","content":{"type":"text","text":"6 x 7?"}}],"maxTokens":10}"#,
        _ era: CannedServer.Era = .modern,
        model: ScriptedModel
    ) async throws -> Report {
        let target = InputRequestingServer(era, rounds: [[.init("model", "sampling/createMessage", params)]])
        let session = try await TesterSession.connected(to: target, policy: ["sampling": "llm"], model: model.settings)
        let answer = await session.callTool("ask")
        await session.close()
        return answer
    }

    private func told(_ answer: Report) throws -> JSONValue {
        let text = try #require(answer.json["tool_call"]?["result"]?.string, "\(answer.json)")
        return try #require(try JSONValue(parsing: text)["model"])
    }

    @Test(arguments: eras)
    func theModelAnswersTheTarget(_ era: CannedServer.Era) async throws {
        let model = try ScriptedModel()
        let answer = try await ask(era, model: model)
        let content: JSONValue = ["type": "text", "text": "42"]
        #expect(
            try told(answer)
                == ["role": "assistant", "content": content, "model": "m-2026", "stopReason": "endTurn"]
        )
        #expect(answer.findings.isEmpty, "\(answer.findings)")
        let request = try #require(model.server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/v1/chat/completions")
        #expect(request.values("authorization") == ["Bearer \(ScriptedModel.key)"])
        #expect(request.values("content-type") == ["application/json"])
        let body = #"{"model":"m","messages":[{"role":"user","content":"6 x 7?"}],"max_tokens":10}"#
        #expect(request.text == body)
        #expect(!answer.json.description.contains(ScriptedModel.key))
    }

    private func ask(_ era: CannedServer.Era, model: ScriptedModel) async throws -> Report {
        let message = #"{"role":"user","content":{"type":"text","text":"6 x 7?"}}"#
        return try await ask(#"{"messages":[\#(message)],"maxTokens":10}"#, era, model: model)
    }

    @Test func everythingThatTheApiHasAPlaceForIsPassedOn() async throws {
        let messages = [
            #"{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image","data":"AAEC","mimeType":"image/jpeg"}]}"#,
            #"{"role":"user","content":{"type":"audio","data":"AAEC","mimeType":"audio/wav"}}"#,
            #"{"role":"assistant","content":[{"type":"text","text":"One moment"},{"type":"tool_use","id":"c1","name":"look","input":{"n":1.0}}]}"#,
            #"{"role":"user","content":[{"type":"tool_result","toolUseId":"c1","content":[{"type":"text","text":"a cat"}]}]}"#,
        ]
        let tool = #"{"name":"look","description":"Looks.","inputSchema":{"type":"object"}}"#
        let settings = #""systemPrompt":"Be brief.","temperature":0.70,"stopSequences":["END"],"maxTokens":100"#
        let model = try ScriptedModel()
        _ = try await ask(
            #"{"messages":[\#(messages.joined(separator: ","))],\#(settings),"tools":[\#(tool)],"toolChoice":{"mode":"required"}}"#,
            model: model
        )
        let sent = try JSONValue(parsing: try #require(model.server.requests.first).body)
        let expected = [
            #"{"role":"system","content":"Be brief."}"#,
            #"{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AAEC"}}]}"#,
            #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAEC","format":"wav"}}]}"#,
            #"{"role":"assistant","content":"One moment","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"n\":1.0}"}}]}"#,
            #"{"role":"tool","tool_call_id":"c1","content":"a cat"}"#,
        ]
        #expect(sent["messages"]?.array?.map(\.description) == expected)
        #expect(sent["temperature"]?.description == "0.70")
        #expect(sent["stop"] == ["END"])
        #expect(sent["max_tokens"] == 100)
        let function: JSONValue = ["name": "look", "description": "Looks.", "parameters": ["type": "object"]]
        #expect(sent["tools"] == [["type": "function", "function": function]])
        #expect(sent["tool_choice"] == "required")
    }

    @Test(
        arguments: [
            ("length", "maxTokens"), ("content_filter", "content_filter"), ("stop", "endTurn"),
        ]
    )
    func whyItStoppedIsPassedOn(_ reason: String, _ expected: String) async throws {
        let choice = #"{"message":{"content":"4"},"finish_reason":"\#(reason)"}"#
        let answer = try await ask(model: try ScriptedModel(body: #"{"choices":[\#(choice)]}"#))
        #expect(try told(answer)["stopReason"] == .string(expected))
        // It does not say what it is called.
        #expect(try told(answer)["model"] == "m")
    }

    @Test func theUseOfAToolIsPassedOn() async throws {
        let call = #"{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"n\": 1.0}"}}"#
        let message = #"{"role":"assistant","content":null,"tool_calls":[\#(call)]}"#
        let model = try ScriptedModel(
            body: #"{"model":"m","choices":[{"message":\#(message),"finish_reason":"tool_calls"}]}"#
        )
        let tool = #"{"name":"look","inputSchema":{"type":"object"}}"#
        let answer = try await ask(
            #"{"messages":[{"role":"user","content":{"type":"text","text":"?"}}],"maxTokens":1,"tools":[\#(tool)]}"#,
            model: model
        )
        let told = try told(answer)
        #expect(
            told["content"]?.description == #"{"type":"tool_use","id":"c1","name":"look","input":{"n":1.0}}"#,
            "\(told)"
        )
        #expect(told["stopReason"] == "toolUse")
    }

    @Test(
        arguments: [
            ("/v1/", "/v1/chat/completions"), ("/v1/chat/completions", "/v1/chat/completions"),
            ("", "/v1/chat/completions"), ("/x?api-version=1", "/x/chat/completions?api-version=1"),
        ]
    )
    func theUrlIsTheBaseOrTheWholeOne(_ given: String, _ expected: String) async throws {
        let model = try ScriptedModel(path: given)
        _ = try await ask(model: model)
        #expect(model.server.requests.first?.target == expected)
    }
}
