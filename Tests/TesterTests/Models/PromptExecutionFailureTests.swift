import JSON
import TestSupport
import Tester
import Testing

/// Endpoints that do not respond as an API does: the report says what happened and what to try, and no key is shown.
@Suite(.timeLimit(.minutes(15)))
struct PromptExecutionFailureTests {
    /// A response of an endpoint, and what the report must contain.
    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var fields: [(name: String, value: String)] = [("Content-Type", "application/json")]
        var body: String
        var message: String
        var next: String
        var failureClass = FailureClass.transport

        var testDescription: String { "\(status) \(message)" }
    }

    static let page = [(name: "Content-Type", value: "text/html; charset=utf-8")]
    static let cases = [
        Case(
            status: 401,
            body: #"{"error":{"message":"Incorrect key: sk-very-secret."}}"#,
            message: #"status 401 and said "Incorrect key: ‹redacted:token›""#,
            next: "rejected",
            failureClass: .auth
        ),
        Case(status: 403, body: "{}", message: "status 403", next: "may use model", failureClass: .auth),
        Case(status: 404, body: #"{"detail":"Not Found"}"#, message: "status 404", next: "the request went to"),
        Case(
            status: 404,
            body: #"{"error":{"message":"The model `m` does not exist","code":"model_not_found"}}"#,
            message: "does not exist",
            next: "LLM_MODEL_NAME"
        ),
        Case(status: 404, fields: page, body: "<html>", message: "with a web page", next: "the request went to"),
        Case(
            status: 400,
            body: #"{"error":{"message":"Unsupported value","param":"temperature"}}"#,
            message: "status 400",
            next: "Set `temperature` to null"
        ),
        Case(
            status: 400,
            body: #"{"error":{"message":"Unsupported parameter","param":"max_tokens"}}"#,
            message: "status 400",
            next: "max_completion_tokens"
        ),
        Case(status: 429, fields: [("Retry-After", "17")], body: "", message: "status 429", next: "Wait 17 s"),
        Case(status: 429, body: #"{"error":"slow down"}"#, message: "slow down", next: "quota"),
        Case(status: 503, fields: [("Retry-After", "3")], body: "busy", message: "status 503", next: "Wait 3 s"),
        Case(status: 500, body: "sk-very-secret in a trace", message: "status 500", next: "Call again later"),
        Case(
            status: 529,
            body: #"{"type":"error","error":{"message":"Overloaded"}}"#,
            message: "Overloaded",
            next: "later"
        ),
        Case(
            status: 307,
            fields: [("Location", "/elsewhere?key=sk-very-secret")],
            body: "",
            message: "status 307",
            next: "Redirects are not followed"
        ),
        Case(
            status: 200,
            fields: page,
            body: "<!doctype html><p>Sign in",
            message: "a web page",
            next: "is a web site"
        ),
        Case(status: 200, body: "[1]", message: "not a JSON object", next: "URL is complete"),
        Case(status: 200, body: #"{"choices":[]}"#, message: "returned no choices", next: "serves this API"),
        Case(
            status: 200,
            body: #"{"choices":[{"message":{"content":null},"finish_reason":"length"}]}"#,
            message: #"without content (finish_reason "length")"#,
            next: "serves this API"
        ),
    ]

    @Test("an unusable response is reported with what the endpoint said and one next step", arguments: cases)
    func unusableResponseIsReported(_ expected: Case) async throws {
        let model = try ScriptedModel(expected.status, expected.fields, body: expected.body)
        let (report, _) = try await executePrompt(by: model)
        let json = report.json
        #expect(json["success"] == false)
        #expect(json["error"]?["error_type"] == "llm_request_error")
        #expect(json["error"]?["message"]?.string?.contains(expected.message) == true, "\(json)")
        #expect(json["error"]?["suggestion"]?.string?.contains(expected.next) == true, "\(json)")
        #expect(json["error"]?["details"]?["status_code"] == JSONValue(expected.status))
        #expect(json["error"]?["details"]?["response_text"]?.string?.utf8.count ?? 0 < 600)
        #expect(report.failure?.failureClass == expected.failureClass)
        #expect(json["llm_request"]?["messages"] == [["role": "user", "content": "Hello"]])
        #expect(json["llm_response"] == .null)
        #expect(model.server.requests.count == 1, "a key is sent once, to one place")
    }

    @Test("a response in the wrong API is reported")
    func wrongAPIIsReported() async throws {
        let (report, _) = try await executePrompt(by: try ScriptedModel(), ["provider": "anthropic"])
        #expect(report.failure?.message.contains("content") == true, "\(report.json)")
        #expect(report.failure?.errorType == .llmRequestError)
    }

    @Test("an endpoint that is not there is reported")
    func absentEndpointIsReported() async throws {
        let model = try ScriptedModel()
        model.server.stop()
        let (report, _) = try await executePrompt(by: model)
        #expect(report.failure?.message.contains("nothing is listening") == true, "\(report.json)")
        #expect(report.failure?.errorType == .llmRequestError)
        #expect(report.failure?.nextStep.contains("Start the model's server") == true)
    }

    @Test("a failed TLS handshake is reported")
    func failedTLSIsReported() async throws {
        let model = try ScriptedModel { connection in try await connection.send("HTTP/1.1 400 Bad Request\r\n\r\n") }
        let bench = try await PromptBench(model: model)
        let report = try await bench.run(["url": .string("https://127.0.0.1:\(model.server.port)/v1")])
        #expect(report.failure?.errorType == .llmRequestError)
        #expect(report.failure?.message.contains("TLS") == true, "\(report.json)")
        #expect(report.failure?.nextStep.contains("http://") == true, "\(report.json)")
        await bench.session.close()
    }

    @Test("a body that is cut off is reported")
    func cutBodyIsReported() async throws {
        let model = try ScriptedModel { connection in
            _ = try await connection.readRequest()
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"choices\":"
            )
        }
        let (report, _) = try await executePrompt(by: model)
        #expect(report.failure?.message.contains("in the middle of the response") == true, "\(report.json)")
        #expect(report.failure?.errorType == .llmRequestError)
    }

    @Test("a stream is refused in words")
    func streamIsRefused() async throws {
        let model = try ScriptedModel { connection in
            _ = try await connection.readRequest()
            try await connection.beginEvents()
            await connection.untilClosed()
        }
        let (report, _) = try await executePrompt(by: model)
        #expect(report.failure?.message.contains("event stream") == true, "\(report.json)")
        #expect(report.failure?.nextStep.contains("Streaming is not supported") == true, "\(report.json)")
    }

    @Test("an endpoint that hangs is given up at the configured timeout")
    func hangingEndpointIsGivenUp() async throws {
        let model = try ScriptedModel { connection in
            _ = try await connection.readRequest()
            await connection.untilClosed()
        }
        let clock = FakeClock()
        let bench = try await PromptBench(model: model, clock: clock)
        async let run = bench.run(["timeout": 5])
        _ = await model.server.requests(1)
        clock.advance(by: .seconds(5))
        let report = try await run
        #expect(report.failure?.message.contains("did not respond within 5 s") == true, "\(report.json)")
        #expect(report.failure?.failureClass == .timeout)
        #expect(report.failure?.errorType == .llmRequestError)
        await bench.session.close()
    }

    @Test("a prompt that the target does not have is prompt_not_found, and nothing is sent to the model")
    func unknownPromptIsReported() async throws {
        let target = CannedServer { method, _ in
            switch method {
            case "prompts/get": .error(#"{"code":-32602,"message":"no"}"#)
            case "prompts/list": .result(#"{"prompts":[{"name":"pp"}]}"#)
            default: nil
            }
        }
        let model = try ScriptedModel()
        let session = try await TesterSession.connected(to: target, model: model.settings)
        let report = await session.executePrompt("p")
        #expect(report.json["error"]?["error_type"] == "prompt_not_found", "\(report.json)")
        #expect(report.json["llm_response"] == .null)
        #expect(model.server.requests.isEmpty)
        await session.close()
    }

    // MARK: - Configuration

    @Test("a missing model is reported before anything is sent")
    func missingModelIsReported() async throws {
        let bench = try await PromptBench(
            model: try ScriptedModel(),
            environment: ModelSettings(key: ScriptedModel.key)
        )
        let report = try await bench.run(["url": "http://127.0.0.1:1"])
        #expect(report.json["error"]?["error_type"] == "llm_config_error", "\(report.json)")
        #expect(report.failure?.message.contains("LLM_MODEL_NAME is not set") == true)
        #expect(
            report.json["error"]?["details"] == ["has_url": true, "has_model": false, "has_api_key": true]
        )
        #expect(!(try bench.target.methods()).contains("prompts/get"))
        await bench.session.close()
    }

    @Test(
        "a wrong configuration is refused without its values",
        arguments: [
            (#"{"provider":"gemini"}"#, "Unknown provider"), (#"{"modle":"m"}"#, "`model`"),
            (#"{"base_url":"x"}"#, "`url`"), (#"{"apiKey":"sk-very-secret"}"#, "`api_key`"),
            (#"{"my_secret":"sk-very-secret"}"#, "`api_key`"), (#"{"api_key":1}"#, "expected a string"),
            (#"{"timeout":0}"#, "timeout"), (#"{"messages":[]}"#, "messages"), (#"{"stream":true}"#, "stream"),
            (#"{"headers":["a"]}"#, "headers"),
        ]
    )
    func wrongConfigurationIsRefused(_ config: String, _ part: String) throws {
        let object = try #require(try JSONValue(parsing: config).object)
        let failure = #expect(throws: Failure.self) { try ModelOptions(object) }
        #expect(failure?.errorType == .llmConfigError)
        #expect(failure?.message.contains(part) == true, "\(failure?.message ?? "")")
        #expect("\(failure?.message ?? "") \(failure?.nextStep ?? "")".contains("sk-very") == false)
    }

    static let unusable: [(JSONObject, String)] = [
        (["url": "ftp://u:sk-very-secret@x"], "`url` in llm_config"), (["url": "not a url"], "`url` in llm_config"),
        (["api_key": "sk-very-secret x"], "`api_key` in llm_config"), (["headers": ["X-Team": "a\nb"]], "X-Team"),
    ]

    @Test("a URL or key that cannot be used is refused", arguments: unusable)
    func unusableEndpointIsRefused(_ config: JSONObject, _ part: String) async throws {
        let bench = try await PromptBench(model: try ScriptedModel())
        let report = try await bench.run(config)
        #expect(report.failure?.errorType == .llmConfigError)
        #expect(report.failure?.message.contains(part) == true, "\(report.json)")
        #expect(!report.json.description.contains("sk-very"), "\(report.json)")
        await bench.session.close()
    }

    @Test("the key of the environment is not sent to another origin")
    func keyStaysWithItsOrigin() async throws {
        let model = try ScriptedModel(401, body: "{}")
        let environment = ModelSettings(url: "http://127.0.0.1:1/v1", name: "m", key: ScriptedModel.key)
        let bench = try await PromptBench(model: model, environment: environment)
        let report = try await bench.run(["url": .string(model.server.url("/v1"))])
        let request = try #require(model.server.requests.first)
        #expect(request["authorization"] == nil && !request.text.contains(ScriptedModel.key))
        #expect(report.failure?.nextStep.contains("LLM_API_KEY was not sent") == true, "\(report.json)")
        await bench.session.close()
    }

    @Test("the key of llm_config, its headers and the same origin are used")
    func givenCredentialsAreSent() async throws {
        let model = try ScriptedModel()
        let bench = try await PromptBench(model: model)
        _ = try await bench.run(["url": .string(model.server.url("/other")), "headers": ["X-Team": "team-secret-1"]])
        let report = try await bench.run(["api_key": "sk-other-key", "model": "n", "max_tokens": nil, "seed": 7])
        let (first, second) = (model.server.requests[0], model.server.requests[1])
        #expect(first["authorization"] == "Bearer \(ScriptedModel.key)" && first["x-team"] == "team-secret-1")
        #expect(first.target == "/other/chat/completions")
        #expect(second["authorization"] == "Bearer sk-other-key")
        let body = #"{"model":"n","messages":[{"role":"user","content":"Hello"}],"temperature":0.7,"seed":7}"#
        #expect(second.text == body)
        #expect(!report.json.description.contains("sk-other-key"))
        await bench.session.close()
    }

    @Test("a key that the model or the prompt repeats is not shown")
    func repeatedKeyIsNotShown() async throws {
        let messages = #"[{"role":"user","content":{"type":"text","text":"key sk-very-secret"}}]"#
        let (report, sent) = try await executePrompt(
            messages,
            by: try ScriptedModel(saying: #"{"k": "sk-very-secret"}"#)
        )
        #expect(sent?["messages"]?[0]?["content"] == "key sk-very-secret", "what is sent is not changed")
        #expect(report.json["parsed_response"] == ["k": "‹redacted:token›"], "\(report.json)")
    }
}
