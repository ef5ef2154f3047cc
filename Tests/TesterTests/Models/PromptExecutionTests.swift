import JSON
import TestSupport
import Tester
import Testing

/// `execute_prompt_with_llm` in both APIs: what is sent, and what is reported.
@Suite(.timeLimit(.minutes(15)))
struct PromptExecutionTests {
    static let anthropicReply =
        #"{"type":"message","role":"assistant","model":"m-2026","content":[{"type":"thinking","thinking":"…"},{"type":"text","text":"{\"a\": 1.0}"}],"stop_reason":"end_turn","usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":5}}"#

    @Test("the report has the keys of the first mcp-test-mcp")
    func reportHasTheKnownKeys() async throws {
        let usage = #""usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}"#
        let choice = #"{"message":{"role":"assistant","content":"{\"a\": 1.0}"},"finish_reason":"stop"}"#
        let model = try ScriptedModel(body: #"{"model":"m-2026","choices":[\#(choice)],\#(usage)}"#)
        let bench = try await PromptBench(model: model)
        let report = try await bench.run(arguments: ["city": "Lisbon", "days": 3])
        let json = report.json
        #expect(json["success"] == true, "\(json)")
        #expect(json["prompt"] == ["name": "p", "arguments": ["city": "Lisbon", "days": 3], "message_count": 1])
        #expect(
            json["llm_request"]
                == [
                    "url": .string(model.server.url("/v1/chat/completions")), "model": "m",
                    "messages": [["role": "user", "content": "Hello"]], "max_tokens": 1000, "temperature": 0.7,
                ]
        )
        #expect(json["llm_response"]?["text"] == #"{"a": 1.0}"#)
        #expect(
            json["llm_response"]?["usage"] == ["prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12]
        )
        #expect(json["llm_response"]?["model"] == "m-2026")
        #expect(json["parsed_response"]?.description == #"{"a":1.0}"#)
        for key in ["prompt_retrieval_ms", "llm_execution_ms", "total_time_ms"] {
            #expect(json["metadata"]?[key]?.double != nil, "\(key)")
        }
        #expect(json["metadata"]?["server_url"] == "canned")
        #expect(json["metadata"]?["llm_endpoint"] == .string(model.server.url("/v1/chat/completions")))
        #expect(json["metadata"]?["llm_model"] == "m")
        #expect(json["metadata"]?["connection_name"] == "default")
        // The protocol allows only strings.
        let sent = try #require(try bench.target.inbox.allJSON().first { $0["method"] == "prompts/get" })
        #expect(sent["params"]?["arguments"] == ["city": "Lisbon", "days": "3"])
        #expect(report.findings.contains { $0.message.contains("`days`") })
        await bench.session.close()
    }

    @Test("the Messages API has its own path, headers and names", arguments: ["", "/v1", "/v1/messages", "/anthropic"])
    func anthropicHasItsOwnForm(_ path: String) async throws {
        let model = try ScriptedModel(body: Self.anthropicReply, path: path)
        let messages =
            #"[{"role":"user","content":{"type":"text","text":"Hello"}},{"role":"assistant","content":{"type":"text","text":"Yes?"}},{"role":"user","content":{"type":"image","data":"AAEC","mimeType":"image/png"}}]"#
        let config: JSONObject = ["provider": "anthropic", "system": "Be brief.", "top_k": 5, "temperature": nil]
        let (report, sent) = try await executePrompt(messages, by: model, config)
        let request = try #require(model.server.requests.first)
        #expect(request.target == (path == "/anthropic" ? "/anthropic/v1/messages" : "/v1/messages"))
        #expect(request.values("x-api-key") == [ScriptedModel.key])
        #expect(request.values("anthropic-version") == ["2023-06-01"])
        #expect(request.values("authorization").isEmpty)
        let image: JSONValue = ["type": "base64", "media_type": "image/png", "data": "AAEC"]
        #expect(
            sent == [
                "model": "m", "system": "Be brief.", "max_tokens": 1000, "top_k": 5,
                "messages": [
                    ["role": "user", "content": "Hello"], ["role": "assistant", "content": "Yes?"],
                    ["role": "user", "content": [["type": "image", "source": image]]],
                ],
            ]
        )
        let response = report.json["llm_response"]
        #expect(response?["text"] == #"{"a": 1.0}"#, "\(report.json)")
        #expect(response?["usage"]?["prompt_tokens"] == 10)
        #expect(response?["usage"]?["completion_tokens"] == 5)
        #expect(response?["usage"]?["total_tokens"] == 15)
        #expect(response?["usage"]?["cache_read_input_tokens"] == 3)
        #expect(response?["stop_reason"] == "endTurn")
        #expect(report.json["parsed_response"] == ["a": 1])
    }

    @Test(
        "the URL shows the API",
        arguments: [
            ("/v1/messages", true), ("/anthropic", true), ("/v1", false), ("/v1/chat/completions", false),
            ("/anthropic/v1/chat/completions", false),
        ]
    )
    func urlShowsTheAPI(_ path: String, _ isAnthropic: Bool) async throws {
        let model = try ScriptedModel(body: isAnthropic ? Self.anthropicReply : ScriptedModel.usual, path: path)
        let (report, _) = try await executePrompt(by: model)
        #expect(report.failure == nil, "\(report.json)")
        #expect((model.server.requests.first?["x-api-key"] != nil) == isAnthropic)
    }

    @Test("resources become text with their URI, images among them images")
    func resourcesBecomeText() async throws {
        let messages = [
            #"{"role":"user","content":{"type":"resource","resource":{"uri":"memo://a","mimeType":"text/plain","text":"A text."}}}"#,
            #"{"role":"user","content":{"type":"resource_link","uri":"memo://b","name":"b","description":"The second."}}"#,
            #"{"role":"user","content":{"type":"resource","resource":{"uri":"memo://c","mimeType":"image/png","blob":"AAEC"}}}"#,
            #"{"role":"user","content":{"type":"audio","data":"AAEC","mimeType":"audio/wav"}}"#,
        ]
        let (_, sent) = try await executePrompt("[\(messages.joined(separator: ","))]", by: try ScriptedModel())
        let contents = sent?["messages"]?.array?.map { $0["content"] ?? nil }
        #expect(contents?[0] == "Resource memo://a (text/plain):\nA text.")
        #expect(contents?[1] == #"Linked resource "b" memo://b: The second."#)
        let image: JSONValue = ["type": "image_url", "image_url": ["url": "data:image/png;base64,AAEC"]]
        #expect(contents?[2] == [["type": "text", "text": "Resource memo://c (image/png):"], image])
        #expect(contents?[3] == [["type": "input_audio", "input_audio": ["data": "AAEC", "format": "wav"]]])
    }

    @Test(
        "content that an API has no form for is refused, and nothing is sent",
        arguments: [
            (
                #"{"type":"audio","data":"AAEC","mimeType":"audio/ogg"}"#, "openai",
                "message 1 has audio of type audio/ogg"
            ),
            (
                #"{"type":"audio","data":"AAEC","mimeType":"audio/wav"}"#, "anthropic",
                "message 1 has audio of type audio/wav"
            ),
            (
                #"{"type":"image","data":"AAEC","mimeType":"image/bmp"}"#, "anthropic",
                "message 1 has an image of type image/bmp"
            ),
            (
                #"{"type":"resource","resource":{"uri":"memo://d","mimeType":"application/pdf","blob":"AAEC"}}"#,
                "openai",
                "the embedded resource memo://d with binary content of type application/pdf"
            ),
            (#"{"type":"video"}"#, "openai", #"a block with the unknown type "video""#),
        ]
    )
    func unknownContentIsRefused(_ block: String, _ provider: String, _ part: String) async throws {
        let model = try ScriptedModel()
        let messages = #"[{"role":"user","content":\#(block)}]"#
        let (report, sent) = try await executePrompt(messages, by: model, ["provider": .string(provider)])
        #expect(sent == nil)
        #expect(report.json["error"]?["error_type"] == "llm_request_error")
        #expect(report.failure?.message.contains(part) == true, "\(report.json)")
        #expect(report.json["prompt"]?["message_count"] == 1)
        #expect(report.json["llm_response"] == .null)
    }

    @Test("messages that break the protocol are a failure of the target")
    func brokenMessagesAreAFailure() async throws {
        for messages in ["[]", #"[{"role":"system","content":{"type":"text","text":"x"}}]"#, #"[{"role":"user"}]"#] {
            let (report, sent) = try await executePrompt(messages, by: try ScriptedModel())
            #expect(sent == nil)
            #expect(report.failure?.failureClass == .protocolError, "\(report.json)")
            #expect(report.json["error"]?["error_type"] == "execution_error")
        }
    }

    @Test("placeholders are filled once, and missing and unused variables are reported")
    func placeholdersAreFilled() async throws {
        let text = #"{{topic}} and {{ topic }} in {style}: {{data}}, {{gone}} {"k": {n}}"#
        let messages = JSONValue.array([["role": "user", "content": ["type": "text", "text": .string(text)]]])
        let variables: JSONObject = ["topic": "{style}", "style": "brief", "data": ["x": [1.5]], "extra": 1, "n": 3]
        let (report, sent) = try await executePrompt(messages.description, by: try ScriptedModel(), filling: variables)
        #expect(
            sent?["messages"]?[0]?["content"]?.string
                == "{style} and {style} in brief: {\n  \"x\": [\n    1.5\n  ]\n}, {{gone}} {\"k\": 3}"
        )
        let missing = report.findings.first { $0.evidence["missing_variables"] != nil }
        #expect(missing?.evidence["missing_variables"] == ["gone"])
        let unused = report.findings.first { $0.evidence["unused_variables"] != nil }
        #expect(unused?.evidence["unused_variables"] == ["extra"])
        #expect(report.failure == nil)
    }

    @Test("without variables only double braces count as placeholders")
    func singleBracesAreNotPlaceholders() async throws {
        let messages = #"[{"role":"user","content":{"type":"text","text":"{{topic}} {\"a\": 1} {word}"}}]"#
        let (report, sent) = try await executePrompt(messages, by: try ScriptedModel())
        #expect(sent?["messages"]?[0]?["content"] == #"{{topic}} {"a": 1} {word}"#)
        #expect(report.findings.first?.evidence["missing_variables"] == ["topic"])
    }

    @Test(
        "JSON is found bare, in fences and in prose",
        arguments: [
            (#" {"a": 1} "#, #"{"a":1}"#), ("[1, 2]", "[1,2]"),
            ("Here:\n```json\n{\"a\": 1.0}\n```\nDone.", #"{"a":1.0}"#),
            ("```\n[1]\n```", "[1]"), ("```python\nx = {}\n```\n~~~json\n[2]\n~~~", "[2]"),
            (#"The object {"a": "}"} is it."#, #"{"a":"}"}"#),
        ]
    )
    func jsonIsFound(_ text: String, _ expected: String) async throws {
        let (report, _) = try await executePrompt(by: try ScriptedModel(saying: text))
        #expect(report.json["llm_response"]?["text"] == .string(text))
        #expect(report.json["parsed_response"]?.description == expected)
        #expect(report.json["parsed_response_reason"] == nil)
    }

    @Test(
        "a response without JSON says why",
        arguments: [
            ("Hello {there}, see [1].", "contains no JSON"), (#"{"a": "#, "not valid"),
            ("```json\n{\"a\": 1,}\n```", "not valid"), ("```json\n{\"a\": ", "cut off"), ("42", "contains no JSON"),
        ]
    )
    func missingJSONIsExplained(_ text: String, _ reason: String) async throws {
        let (report, _) = try await executePrompt(by: try ScriptedModel(saying: text))
        #expect(report.json["success"] == true)
        #expect(report.json["parsed_response"] == .null)
        #expect(report.json["parsed_response_reason"]?.string?.contains(reason) == true, "\(report.json)")
    }

    @Test("a response that ends at the limit of tokens is reported")
    func limitOfTokensIsReported() async throws {
        let choice = #"{"message":{"content":"4"},"finish_reason":"length"}"#
        let (report, _) = try await executePrompt(by: try ScriptedModel(body: #"{"choices":[\#(choice)]}"#))
        #expect(report.findings.contains { $0.message.contains("max_tokens") })
        #expect(report.json["llm_response"]?["usage"] == [:])
        #expect(report.json["llm_response"]?["model"] == .null)
    }
}
