import JSON
import TestSupport
import Tester
import Testing

/// A target whose prompt has given messages, and a model that responds to it.
struct PromptBench {
    let model: ScriptedModel
    let session: TesterSession
    let target: CannedServer

    /// Connects.
    ///
    /// - Parameters:
    ///   - messages: The messages of the prompt, as JSON.
    ///   - environment: The settings of the model (default: those of the scripted one).
    init(
        _ messages: String = #"[{"role":"user","content":{"type":"text","text":"Hello"}}]"#,
        model: ScriptedModel,
        environment: ModelSettings? = nil,
        clock: FakeClock = FakeClock()
    ) async throws {
        self.model = model
        target = CannedServer { method, _ in
            method == "prompts/get" ? .result(#"{"messages":\#(messages)}"#) : nil
        }
        session = try await .connected(to: target, clock: clock, model: environment ?? model.settings)
    }

    /// Executes the prompt.
    func run(
        _ config: JSONObject = [:],
        arguments: JSONObject = [:],
        filling variables: JSONObject? = nil
    ) async throws -> Report {
        let options = try ModelOptions(config)
        return await session.executePrompt("p", arguments: arguments, filling: variables, by: options)
    }

    /// The body of the only request that the model received.
    func sent() throws -> JSONValue {
        try #require(model.server.requests.count == 1, "\(model.server.requests)")
        return try JSONValue(parsing: model.server.requests[0].body)
    }
}

/// One run against a target and a model that are closed again.
func executePrompt(
    _ messages: String = #"[{"role":"user","content":{"type":"text","text":"Hello"}}]"#,
    by model: ScriptedModel,
    _ config: JSONObject = [:],
    filling variables: JSONObject? = nil
) async throws -> (report: Report, sent: JSONValue?) {
    let bench = try await PromptBench(messages, model: model)
    let report = try await bench.run(config, filling: variables)
    await bench.session.close()
    #expect(!report.json.description.contains(ScriptedModel.key), "\(report.json)")
    return (report, try model.server.requests.first.map { try JSONValue(parsing: $0.body) })
}
