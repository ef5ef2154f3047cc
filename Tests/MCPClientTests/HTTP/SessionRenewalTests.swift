import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Testing

/// A server that forgot the session gets a new handshake, and the request once more.
@Suite(.timeLimit(.minutes(5)))
struct SessionRenewalTests {
    private let lost = ScriptedExchanges.Response.failure(.sessionLost, status: 404)
    private let handshake = ["initialize", "notifications/initialized"]

    @Test func aLostSessionIsReopenedAndTheRequestRepeated() async throws {
        let exchanges = ScriptedExchanges.legacy { [lost] _, earlier in earlier == 0 ? lost : .result(#"{"ok":true}"#) }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let mark = client.link.observations.count
        let result = try await client.callTool("echo", arguments: JSONText(["text": "hi"]))
        #expect(result.result["ok"]?.description == "true")
        #expect(exchanges.methods == handshake + ["tools/call"] + handshake + ["tools/call"])
        let calls = exchanges.sent.filter { $0.head.method == .toolsCall }
        #expect(calls[0].bytes == calls[1].bytes)
        #expect(calls[1].head.name == "echo")
        let noted = client.link.observations.since(mark).map(\.kind)
        guard case .sessionRenewed = noted.last else { return #expect(Bool(false), "\(noted)") }
    }

    @Test func theNewSessionGetsTheLogLevelAndSubscriptionsOfTheOldOne() async throws {
        let exchanges = ScriptedExchanges.legacy { [lost] frame, earlier in
            frame.head.method == .ping && earlier == 0 ? lost : .result("{}")
        }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        try await client.setLogLevel(.debug)
        try await client.setLogLevel(.warning)
        let first = try await client.subscribe(toResources: ["memo://a", "memo://b"])
        _ = try await client.subscribe(toResources: ["memo://b", "memo://c"])
        try await client.unsubscribe(first)
        let before = exchanges.sent.count
        _ = try await client.ping()
        let methods = Array(exchanges.methods.dropFirst(before))
        let restated = ["logging/setLevel", "resources/subscribe", "resources/subscribe"]
        #expect(methods == ["ping"] + handshake + restated + ["ping"])
        let params = try exchanges.sent.dropFirst(before + 3).prefix(3).map { try $0.json()["params"] }
        #expect(params == [["level": "warning"], ["uri": "memo://b"], ["uri": "memo://c"]])
    }

    @Test func aSettingThatTheNewSessionRefusesIsReported() async throws {
        let exchanges = ScriptedExchanges.legacy { [lost] frame, earlier in
            switch frame.head.method {
            case .ping: earlier == 0 ? lost : .result("{}")
            case .loggingSetLevel: earlier == 0 ? .result("{}") : lost
            case .resourcesSubscribe: earlier == 0 ? .result("{}") : .error(-32602)
            default: .result("{}")
            }
        }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        try await client.setLogLevel(.info)
        _ = try await client.subscribe(toResources: ["memo://a"])
        let mark = client.link.observations.count
        #expect(try await client.ping().result.description == "{}")
        let noted = client.link.observations.since(mark).compactMap { observation -> String? in
            guard case .notRestated(let method, _) = observation.kind else { return nil }
            #expect(observation.kind.isFault, "nothing is told of it any more, which the user must hear")
            return method
        }
        #expect(noted == ["logging/setLevel", "resources/subscribe"])
    }

    @Test func anErrorOfTheServerDoesNotReopenTheSession() async throws {
        let exchanges = ScriptedExchanges.legacy { _, _ in .error(-32600, status: 404) }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let failure = try await #require(throws: CallError.self) { try await client.ping() }
        guard case .rejected = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(exchanges.methods == handshake + ["ping"])
    }

    @Test func theNewHandshakeUsesTheAgreedRevision() async throws {
        let exchanges = ScriptedExchanges { [lost] frame, earlier in
            switch frame.head.method {
            case .initialize: .legacyGreeting("2025-06-18")
            default: earlier == 0 ? lost : .result("{}")
            }
        }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        _ = try await client.ping()
        let greetings = try exchanges.sent.filter { $0.head.method == .initialize }.map { try $0.json() }
        #expect(greetings.map { $0["params"]?["protocolVersion"]?.string } == ["2025-11-25", "2025-06-18"])
    }

    @Test func concurrentRequestsShareOneHandshake() async throws {
        let exchanges = ScriptedExchanges.legacy { frame, earlier in
            frame.head.method == .toolsCall && earlier < 3 ? .silence : .result("{}")
        }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await client.callTool("slow") } }
            await exchanges.untilSent(5)
            for frame in exchanges.sent.suffix(3) { exchanges.answer(try #require(frame.request), with: lost) }
            try await group.waitForAll()
        }
        #expect(exchanges.methods.count { $0 == "initialize" } == 2)
        #expect(exchanges.methods.count { $0 == "tools/call" } == 6)
    }

    @Test func anotherRequestReopensTheSessionIfTheFirstIsCancelled() async throws {
        // The calls are held back, and so is the first handshake after them.
        let exchanges = ScriptedExchanges { frame, earlier in
            switch frame.head.method {
            case .initialize: earlier == 1 ? .silence : .legacyGreeting()
            default: earlier < 2 ? .silence : .result("{}")
            }
        }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let first = Task { try await client.ping() }
        await exchanges.untilSent(3)
        let second = Task { try await client.ping() }
        await exchanges.untilSent(4)
        let ids = exchanges.sent.suffix(2).compactMap(\.request)
        exchanges.answer(ids[0], with: lost)
        await exchanges.untilSent(5)
        exchanges.answer(ids[1], with: lost)
        first.cancel()
        let failure = try await #require(throws: CallError.self) { try await first.value }
        guard case .failed(.cancelled) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(try await second.value.result.description == "{}")
        #expect(exchanges.methods.count { $0 == "initialize" } == 3)
    }

    @Test func requestsWaitForTheNewSession() async throws {
        let exchanges = ScriptedExchanges { [lost] frame, earlier in
            switch frame.head.method {
            case .initialize: earlier == 1 ? .silence : .legacyGreeting()
            case .ping: earlier == 0 ? lost : .result("{}")
            default: .result("{}")
            }
        }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let first = Task { try await client.ping() }
        await exchanges.untilSent(4)
        // It runs at once as far as it can, which is not as far as the wire.
        let second = Task.immediate { try await client.callTool("a") }
        exchanges.answer(try #require(exchanges.sent.last?.request), with: .legacyGreeting())
        _ = try await (first.value, second.value)
        #expect(Array(exchanges.methods.prefix(5)) == handshake + ["ping"] + handshake)
        #expect(Set(exchanges.methods.dropFirst(5)) == ["ping", "tools/call"])
    }

    @Test func aSecondLossInARowFails() async throws {
        let exchanges = ScriptedExchanges.legacy { [lost] _, _ in lost }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let failure = try await #require(throws: CallError.self) { try await client.ping() }
        guard case .broken(let broken) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(broken.kind == .sessionLost)
        #expect(exchanges.methods == handshake + ["ping"] + handshake + ["ping"])
        // Each request has its own try.
        _ = try await #require(throws: CallError.self) { try await client.ping() }
        #expect(exchanges.methods.count { $0 == "initialize" } == 3)
    }

    @Test(arguments: [
        ScriptedExchanges.Response.error(-32600, status: 400), .legacyGreeting("2024-11-05"),
        .failure(.status, status: 500),
    ])
    func theErrorSaysWhyNoNewSessionWasOpened(_ answer: ScriptedExchanges.Response) async throws {
        let exchanges = ScriptedExchanges { [lost] frame, earlier in
            frame.head.method == .initialize ? earlier == 0 ? .legacyGreeting() : answer : lost
        }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let failure = try await #require(throws: CallError.self) { try await client.ping() }
        guard case .broken(let broken) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(broken.kind == .sessionLost)
        #expect(broken.message.contains("a new session could not be opened"))
        #expect(exchanges.methods == handshake + ["ping", "initialize"])
    }

    @Test func rawBytesAreSentOnce() async throws {
        let exchanges = ScriptedExchanges.legacy { [lost] _, _ in lost }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let bytes = Array(#"{"jsonrpc":"2.0","id":"mine","method":"ping"}"#.utf8)
        _ = try await #require(throws: CallError.self) { try await client.send(raw: bytes) }
        #expect(exchanges.methods == handshake + ["ping"])
    }

    @Test func aSessionHeaderOfTheUserIsNotReplaced() async throws {
        let exchanges = ScriptedExchanges.legacy { [lost] _, _ in lost }
        let client = try await Client.connect(over: exchanges, era: .legacy)
        let fields = [(name: "Mcp-Session-Id", value: "made-up")]
        _ = try await #require(throws: CallError.self) { try await client.request(.toolsList, fields: fields) }
        #expect(exchanges.methods == handshake + ["tools/list"])
    }
}
