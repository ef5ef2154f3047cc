import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Prompts and sampling with a real server of models, LiteLLM, in both of its APIs.
    @Suite(.enabled(if: TestPeers.model.isAvailable, "\(TestPeers.absence)"))
    struct RealModelTests {
        static let key = "sk-peer-key"
        static let apis = ["/v1", "/v1/messages"]
        /// It starts in half a minute, so that all tests share one.
        static let server = Task {
            try await HTTPPeer([TestPeers.model.python, TestPeers.script("models/litellm_model.py")])
        }

        private static func environment(_ model: String, _ path: String = "/v1") async throws -> [String: String] {
            ["LLM_URL": try await server.value.url + path, "LLM_MODEL_NAME": model, "LLM_API_KEY": key]
        }

        /// The content of the first message that the model `seen` was given.
        private static func heard(_ report: JSONValue) -> String {
            report["parsed_response"]?["messages"]?[0]?["content"]?.description ?? ""
        }

        private func execute(_ prompt: String, _ others: JSONObject = [:], on host: Host) async throws -> JSONValue {
            var arguments = others
            arguments["prompt_name"] = .string(prompt)
            let report = try await host.call("execute_prompt_with_llm", .object(arguments))
            #expect(!report.description.contains(Self.key), "\(report)")
            return report
        }

        @Test("prompts of the demo server reach the model as they are, in both APIs", arguments: apis)
        func promptsReachTheModel(_ path: String) async throws {
            let host = try await Host.connected(environment: try await Self.environment("seen", path))
            try await host.connect(to: [Product.path, "demo", "--fixtures"])

            let text = try await execute(
                "summarize",
                [
                    "prompt_arguments": #"{"text": "About {{topic}}.", "style": "rhyme"}"#,
                    "fill_variables": ["topic": "Lisbon"], "llm_config": ["max_tokens": 50, "temperature": 0.5],
                ],
                on: host
            )
            #expect(text["success"] == true, "\(text)")
            let seen = try #require(text["parsed_response"], "\(text)")
            #expect(seen["messages"]?[0]?["role"] == "user", "\(seen)")
            let heard = Self.heard(text)
            #expect(heard.contains(#"Style: rhyme.\n\nAbout Lisbon."#), "\(seen)")
            #expect(seen["parameters"]?["max_tokens"] == 50 && seen["parameters"]?["temperature"] == 0.5)
            #expect(text["llm_response"]?["model"] == "seen")
            #expect(text["llm_response"]?["usage"]?["total_tokens"]?.int ?? 0 > 0)
            #expect(text["llm_response"]?["stop_reason"] == "endTurn")

            // LiteLLM gives the model the form of chat completions, whichever API the message came through.
            let image = try await execute("test_prompt_with_image", on: host)
            let parts = image["parsed_response"]?["messages"]?[0]?["content"]
            let url = parts?[0]?["image_url"]?["url"] ?? parts?[0]?["image_url"] ?? nil
            #expect(url.string?.hasPrefix("data:image/png;base64,") == true, "\(image)")
            let resource = try await execute(
                "test_prompt_with_embedded_resource",
                ["prompt_arguments": ["resourceUri": "demo://x"]],
                on: host
            )
            let said = Self.heard(resource)
            #expect(said.contains(#"Resource demo://x (text/plain):\nEmbedded resource content"#), "\(resource)")
            #expect(resource["prompt"]?["message_count"] == 2)
            #expect(await host.finish().code == 0)
        }

        @Test("a prompt that needs input is executed after the answer")
        func promptThatNeedsInputIsExecuted() async throws {
            let host = try await Host.connected(environment: try await Self.environment("seen"))
            try await host.connect(to: [Product.path, "demo", "--fixtures"])
            let asked = try await execute("test_input_required_result_prompt", on: host)
            #expect(asked["status"] == "needs_input", "\(asked)")
            let report = try await host.call(
                "respond",
                ["call_id": asked["call_id"] ?? "", "answers": ["user_context": ["content": ["context": "a test"]]]]
            )
            let heard = Self.heard(report)
            #expect(heard.contains("The context is: a test"), "\(report)")
            #expect(await host.finish().code == 0)
        }

        @Test(
            "a prompt of a real server is executed",
            arguments: [TestPeers.fastmcp4, .fastmcp3].filter(\.isAvailable)
        )
        func promptOfARealServerIsExecuted(_ peer: TestPeers) async throws {
            let host = try await Host.connected(environment: try await Self.environment("fenced", "/v1/messages"))
            try await host.connect(to: [peer.python, TestPeers.script("servers/\(peer.rawValue)_server.py")])
            let report = try await execute("greeting", ["prompt_arguments": ["name": "Ada"]], on: host)
            #expect(report["parsed_response"] == ["answer": 42], "\(report)")
            let sent = report["llm_request"]?["messages"]?.description ?? ""
            #expect(sent.contains("greeting for Ada"), "\(report)")
            let missing = try await execute("greeting", on: host)
            #expect(missing["error"]?["error_type"] == "invalid_arguments", "\(missing)")
            #expect(await host.finish().code == 0)
        }

        @Test("errors of the API are reported with what it said", arguments: apis)
        func errorsAreReported(_ path: String) async throws {
            let host = try await Host.connected(environment: try await Self.environment("prose", path))
            try await host.connect(to: [Product.path, "demo", "--fixtures"])
            let url = try await Self.server.value.url
            let cases: [(JSONObject, Int, String)] = [
                (["model": "limited"], 429, "Wait"), (["model": "broken"], 500, "later"),
                (["model": "nope"], 400, "model"),
                // A refused key is tested with a scripted model: without its database, LiteLLM answers 500.
                (["url": .string("\(url)/nowhere/v1")], 404, "the request went to"),
            ]
            for (config, status, next) in cases {
                let report = try await execute("test_simple_prompt", ["llm_config": .object(config)], on: host)
                let error = report["error"]
                #expect(error?["error_type"] == "llm_request_error", "\(report)")
                #expect(error?["details"]?["status_code"]?.int == status, "\(report)")
                #expect(error?["details"]?["response_text"]?.string?.isEmpty == false, "\(report)")
                #expect(error?["suggestion"]?.string?.contains(next) == true, "\(report)")
            }
            let prose = try await execute("test_simple_prompt", on: host)
            #expect(prose["llm_response"]?["text"] == "A fine prompt.", "\(prose)")
            #expect(prose["parsed_response"] == .null)
            #expect(prose["parsed_response_reason"]?.string?.isEmpty == false)
            #expect(await host.finish().code == 0)
        }

        @Test("the policy llm uses the same model in both APIs", arguments: apis)
        func policyUsesTheModel(_ path: String) async throws {
            let run = try await RunningProgram.run(
                [
                    "call", "test_sampling", "prompt=hi", "--policy", "sampling=llm", "--json", "--", Product.path,
                    "demo", "--fixtures",
                ],
                environment: try await Self.environment("prose", path)
            )
            #expect(run.code == 0, "\(run)")
            #expect(try run.json()["tool_call"]?["result"] == "LLM response: A fine prompt.", "\(run)")
        }

        @Test("the command line executes a prompt and shows the response")
        func commandLineExecutesAPrompt() async throws {
            let environment = try await Self.environment("prose")
            let command = ["prompt", "demo", "summarize", "text={{what}}", "--fill", "what=hello"]
            let run = try await RunningProgram.run(command, environment: environment)
            #expect(run.code == 0, "\(run)")
            #expect(run.text.contains("\n  A fine prompt.\n"), "\(run)")
            #expect(!"\(run)".contains(Self.key))
            let json = try await RunningProgram.run(
                command + ["--json", "--llm-config", #"{"model": "fenced"}"#],
                environment: environment
            )
            #expect(try json.json()["parsed_response"] == ["answer": 42], "\(json)")
            let failed = try await RunningProgram.run(
                command + ["--llm-config", #"{"model": "limited"}"#],
                environment: environment
            )
            #expect(failed.code == 3, "\(failed)")
            #expect(try failed.errorReport()?["message"]?.string?.contains("status 429") == true, "\(failed)")
        }
    }
}

/// `--llm` without a model.
@Suite(.timeLimit(.minutes(15)))
struct MissingModelTests {
    @Test("a prompt without a configured model is refused before the server starts")
    func missingModelIsRefused() async throws {
        let run = try await RunningProgram.run(["prompt", "demo", "summarize", "text=hi", "--llm"])
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains("LLM_URL and LLM_MODEL_NAME are not set"), "\(run)")
        let key = try await RunningProgram.run(
            ["prompt", "demo", "summarize", "text=hi", "--llm-config", #"{"api_key": "sk-on-the-command-line"}"#]
        )
        #expect(key.code == 2, "\(key)")
        #expect(key.errors.contains("does not accept `api_key`") && !key.errors.contains("sk-on"), "\(key)")
    }
}
