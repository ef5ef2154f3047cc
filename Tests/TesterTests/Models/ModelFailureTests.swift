import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization
import TestSupport
import Tester
import Testing

/// A model that is not there or says nothing of use: the question falls to the user, and nothing is lost or shown.
@Suite(.timeLimit(.minutes(15)))
struct ModelFailureTests {
    static let eras: [CannedServer.Era] = [.legacy, .modern]

    private func session(
        _ model: ModelSettings,
        _ era: CannedServer.Era = .legacy,
        clock: FakeClock = FakeClock()
    ) async throws -> TesterSession {
        let target = InputRequestingServer(era, rounds: [[.sampling("model")]])
        return try await TesterSession.connected(to: target, clock: clock, policy: ["sampling": "llm"], model: model)
    }

    /// Sees that the call waits for the user, says why, and goes on with what the user says.
    private func expectToBeAsked(
        _ asked: Report,
        _ session: TesterSession,
        because part: String,
        _ failureClass: FailureClass = .transport
    ) async throws {
        #expect(asked.json["status"] == "needs_input", "\(asked.json)")
        let finding = try #require(asked.findings.first, "\(asked.json)")
        #expect(finding.message.contains(part), "\(finding.message)")
        #expect(finding.failureClass == failureClass)
        #expect(finding.evidence["error_type"] == "llm_request_error")
        #expect(asked.json["questions"]?[0]?["not_used"]?[0] == .string(finding.message))
        #expect(!asked.json.description.contains(ScriptedModel.key), "\(asked.json)")
        let end = await session.respond(nil, with: ["model": ["text": "42"]])
        #expect(end.json["tool_call"]?["result"]?.string?.contains("42") == true, "\(end.json)")
        #expect(end.findings.isEmpty, "told once: \(end.findings)")
    }

    @Test(
        arguments: [
            (401, #"{"error":{"message":"Incorrect key: sk-very-secret."}}"#, "status 401", FailureClass.auth),
            (500, "sk-very-secret is in this page", "status 500", .transport),
            (307, "", "status 307", .transport),
            (200, "<html>hello</html>", "not a JSON object", .transport),
            (200, "[1]", "not a JSON object", .transport),
            (200, "{}", "returned no choices", .transport),
            (200, #"{"choices":[]}"#, "returned no choices", .transport),
            (200, #"{"choices":[{}]}"#, "without a message", .transport),
            (200, #"{"choices":[{"message":{"content":null}}]}"#, "without content", .transport),
            (
                200,
                #"{"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{"}}]}}]}"#,
                "that are not a JSON object", .transport
            ),
        ]
    )
    func whatIsNoAnswerIsToldAndTheUserAsked(
        _ status: Int,
        _ body: String,
        _ part: String,
        _ failureClass: FailureClass
    ) async throws {
        let model = try ScriptedModel(status, [("Location", "/elsewhere")], body: body)
        let session = try await session(model.settings)
        try await expectToBeAsked(await session.callTool("ask"), session, because: part, failureClass)
        #expect(model.server.requests.count == 1)
        await session.close()
    }

    @Test(arguments: eras)
    func aModelThatIsNotThereIsToldInBothEras(_ era: CannedServer.Era) async throws {
        let model = try ScriptedModel()
        model.server.stop()
        let session = try await session(model.settings, era)
        try await expectToBeAsked(await session.callTool("ask"), session, because: "nothing is listening")
        await session.close()
    }

    @Test func aModelThatCutsTheConnectionIsTold() async throws {
        let model = try ScriptedModel { connection in _ = try await connection.readRequest() }
        let session = try await session(model.settings)
        try await expectToBeAsked(await session.callTool("ask"), session, because: "could not be reached")
        await session.close()
    }

    @Test func aStreamIsNoAnswer() async throws {
        let model = try ScriptedModel { connection in
            _ = try await connection.readRequest()
            try await connection.beginEvents()
            await connection.untilClosed()
        }
        let session = try await session(model.settings)
        try await expectToBeAsked(await session.callTool("ask"), session, because: "event stream")
        await session.close()
    }

    @Test func aModelThatSaysTooMuchIsNotReadToItsEnd() async throws {
        let model = try ScriptedModel(body: "{" + String(repeating: " ", count: 16 << 20))
        let session = try await session(model.settings)
        try await expectToBeAsked(await session.callTool("ask"), session, because: "exceeds the limit of 16 MiB")
        await session.close()
    }

    @Test func aModelThatTakesTooLongIsGivenUp() async throws {
        let isGone = Gate()
        let model = try ScriptedModel { connection in
            _ = try await connection.readRequest()
            await connection.untilClosed()
            isGone.open()
        }
        let clock = FakeClock()
        let session = try await session(model.settings, clock: clock)
        async let call = session.callTool("ask")
        _ = await model.server.requests(1)
        clock.advance(by: .seconds(120))
        try await isGone.wait()
        try await expectToBeAsked(await call, session, because: "did not respond within 120 s", .timeout)
        await session.close()
    }

    @Test func aCallThatIsCalledOffLetsGoOfTheModel() async throws {
        let isGone = Gate()
        let model = try ScriptedModel { connection in
            _ = try await connection.readRequest()
            await connection.untilClosed()
            isGone.open()
        }
        let session = try await session(model.settings)
        let call = Task { await session.callTool("ask") }
        _ = await model.server.requests(1)
        call.cancel()
        try await isGone.wait()
        #expect(await call.value.failure?.failureClass == .cancelled)
        await session.close()
    }

    @Test func whatTheModelCannotBeGivenIsAskedOfTheUser() async throws {
        let content = #"{"type":"audio","data":"AAEC","mimeType":"audio/ogg"}"#
        let params = #"{"messages":[{"role":"user","content":\#(content)}],"maxTokens":1}"#
        let target = InputRequestingServer(.legacy, rounds: [[.init("model", "sampling/createMessage", params)]])
        let model = try ScriptedModel()
        let session = try await TesterSession.connected(to: target, policy: ["sampling": "llm"], model: model.settings)
        try await expectToBeAsked(await session.callTool("ask"), session, because: "audio/ogg", .usage)
        #expect(model.server.requests.isEmpty)
        await session.close()
    }

    // MARK: - Configuration

    @Test(
        arguments: [
            (ModelSettings(), "LLM_URL and LLM_MODEL_NAME are not set"),
            (ModelSettings(url: "http://127.0.0.1:1/v1"), "LLM_MODEL_NAME is not set"),
            (ModelSettings(name: "m"), "LLM_URL is not set"),
            (ModelSettings(url: "ftp://u:sk-very-secret@x", name: "m"), "LLM_URL cannot be used"),
            (ModelSettings(url: "http://127.0.0.1:1", name: "m", key: "sk-very-secret\n"), "LLM_API_KEY"),
        ]
    )
    func aPolicyThatCannotBeMetIsRefusedBeforeAnythingHappens(_ model: ModelSettings, _ part: String) async throws {
        let target = InputRequestingServer(.legacy, rounds: [])
        let session = TesterSession(
            settings: TesterSettings(info: Implementation(name: "tester-tests", version: "1"), model: model) { _ in
                target.transport()
            },
            clock: SystemTesterClock(FakeClock())
        )
        #expect(await session.connect(.init(target: Target(command: "asking"))).failure == nil)
        var policy = InputPolicy()
        try policy.set("sampling", "llm")
        let answer = await session.connect(.init(target: Target(command: "asking"), policy: policy))
        #expect(answer.failure?.failureClass == .usage)
        #expect(answer.json["error"]?["error_type"] == "llm_config_error")
        #expect(answer.json["error"]?["message"]?.string?.contains(part) == true, "\(answer.json)")
        #expect(!answer.json.description.contains(ScriptedModel.key), "\(answer.json)")
        // The former connection of that name lives on.
        #expect(await session.callTool("ask").failure == nil)
        await session.close()
    }
}
