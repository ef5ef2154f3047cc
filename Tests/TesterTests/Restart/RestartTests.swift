import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import Synchronization
import TestSupport
import Tester
import Testing

/// Restarting a server: what stays, what is compared, and what happens if it does not start again.
@Suite(.timeLimit(.minutes(15)))
struct RestartTests {
    /// A server in this process whose tools and behavior a test changes.
    final class ChangingServer: Sendable {
        struct State {
            var tools = #"[{"name":"t","inputSchema":{"type":"object"}}]"#
            var reply = #"{"content":[{"type":"text","text":"bad"}],"isError":true}"#
            var starts = 0
            var isBroken = false
            var targets: [Target] = []
        }

        let state = Mutex(State())

        func transport(_ target: Target) -> any ClientTransport {
            state.withLock { state in
                state.starts += 1
                state.targets.append(target)
            }
            return CannedServer { [self] method, _ in
                let state = state.withLock { $0 }
                if state.isBroken { return .error(#"{"code":-32603,"message":"no"}"#) }
                switch method {
                case "tools/list": return .result(#"{"tools":\#(state.tools)}"#)
                case "resources/list": return .result(#"{"resources":[]}"#)
                case "resources/templates/list": return .result(#"{"resourceTemplates":[]}"#)
                case "prompts/list": return .result(#"{"prompts":[]}"#)
                case "tools/call": return .result(state.reply)
                default: return nil
                }
            }.transport()
        }
    }

    private let server = ChangingServer()
    private let session: TesterSession
    private let clock = FakeClock()

    init() {
        let server = server
        let settings = TesterSettings(info: Implementation(name: "t", version: "1"), era: .legacy) {
            server.transport($0)
        }
        session = TesterSession(settings: settings, clock: SystemTesterClock(clock))
    }

    @Test("a restart keeps name, id, credentials, statistics and the current connection, and shows what changed")
    func aRestartKeepsTheConnection() async throws {
        var target = Target(command: "x", arguments: ["--flag"], environment: ["SECRET": "s"], workingDirectory: "/tmp")
        target.name = "mine"
        let connected = await session.connect(.init(target: target, name: "one")).json
        _ = await session.connect(.init(target: Target(command: "y"), name: "two"))
        _ = await session.callTool("t", with: CallOptions(on: "one"))
        server.state.withLock {
            $0.tools = #"[{"name":"t","inputSchema":{"type":"object","required":["a"]}},{"name":"u"}]"#
        }
        let answer = await session.restart(.init("one")).json
        #expect(answer.outcome == "PASS", "\(answer)")
        #expect(answer["connection"]?["connection_id"] == connected["connection_id"])
        #expect(answer["connection"]?["statistics"]?["tools_called"] == 1)
        #expect(answer["connection"]?["restarts"] == 1)
        let targets = server.state.withLock { $0.targets }
        #expect(targets.first == targets.last)
        #expect(answer["difference"]?["breaking"] == 1)
        let changes = answer["difference"]?["changes"]?.array ?? []
        #expect(changes.map { $0["field"] } == ["/inputSchema/required", nil], "\(changes)")
        #expect(answer["verdict"]?.string?.contains("2 changes, 1 breaking") == true)
        let list = session.listConnections().json["connections"]?.array ?? []
        #expect(list.map { $0["current"] } == [false, true])
        await session.close()
    }

    @Test("the last failed call is repeated and compared")
    func theLastFailedCallIsRepeated() async throws {
        _ = await session.connect(.init(target: Target(command: "x")))
        _ = await session.callTool("t", arguments: JSONText(["a": 1]))
        // A typing error is nothing to repeat.
        _ = await session.listTools()
        let unknown = await session.callTool("tt").json
        #expect(unknown["error"]?["error_type"] == "tool_not_found", "\(unknown)")
        var request = TesterSession.RestartRequest()
        request.repeatsLastFailure = true
        let same = await session.restart(request).json
        #expect(same["repeated"]?["outcome"] == "fails as before", "\(same)")
        #expect(same["success"] == false)
        server.state.withLock { $0.reply = #"{"content":[{"type":"text","text":"good"}]}"# }
        let fixed = await session.restart(request).json
        #expect(fixed["repeated"]?["outcome"] == "fixed", "\(fixed)")
        #expect(fixed["repeated"]?["tool_call"]?["arguments"] == ["a": 1])
        #expect(fixed["repeated"]?["tool_call"]?["result"] == "good")
        #expect(fixed["success"] == true)
        await session.close()
    }

    @Test("if the server does not start again, the restart can be repeated under the same name")
    func aFailedRestartCanBeRepeated() async throws {
        _ = await session.connect(.init(target: Target(command: "x"), name: "one"))
        server.state.withLock { $0.isBroken = true }
        let failed = await session.restart(.init("one")).json
        #expect(failed["error"]?["error_type"] == "connection_failed", "\(failed)")
        #expect(failed["error"]?["message"]?.string?.contains("The server that ran before was stopped") == true)
        let call = await session.callTool("t", with: CallOptions(on: "one")).json
        #expect(call["error"]?["suggestion"]?.string?.contains("restart_server") == true, "\(call)")
        let message = call["error"]?["message"]?.string ?? ""
        #expect(message.contains("for a restart, and did not start again"), "\(call)")
        // What the process before that wrote explains nothing.
        #expect(call["evidence"]?["server"] == nil, "\(call)")
        let status = session.status("one").json
        #expect(status.outcome == "FAIL" && status["evidence"]?["server"] == nil, "\(status)")
        #expect(status["message"]?.string?.contains("for a restart, and did not start again") == true, "\(status)")
        let listed = session.listConnections().json["connections"]?[0]?["ended"]?.string ?? ""
        #expect(listed.contains("did not start again"), "\(listed)")
        server.state.withLock {
            $0.isBroken = false
            $0.reply = #"{"content":[{"type":"text","text":"good"}]}"#
        }
        // The call that was not sent is what its caller wants.
        var again = TesterSession.RestartRequest("one")
        again.repeatsLastFailure = true
        let restarted = await session.restart(again).json
        #expect(restarted["success"] == true && restarted["repeated"]?["outcome"] == "fixed", "\(restarted)")
        #expect(session.connections.count == 1)
        await session.close()
    }

    @Test("over HTTP nothing is listed before the restart, because the server may be a new one")
    func overHTTPOnlyWhatWasListedIsCompared() async throws {
        let target = try Target(HTTPEndpoint(url: "http://localhost:1/mcp"))
        _ = await session.connect(.init(target: target))
        let answer = await session.restart(.init()).json
        #expect(answer["difference"]?["not_compared"]?["tools"] == "before: it was not listed before", "\(answer)")
        #expect(
            answer["verdict"]?.string?.contains("but these could not be compared: tools, resources") == true,
            "\(answer)"
        )
        await session.close()
    }

    @Test("a build that fails leaves the server as it is, and its output is the answer")
    func aFailedBuildLeavesTheServer() async throws {
        _ = await session.connect(.init(target: Target(command: "x")))
        var request = TesterSession.RestartRequest()
        request.build = try BuildCommand(words: ["/bin/sh", "-c", "echo one; echo two >&2; exit 3"])
        let failed = await session.restart(request).json
        #expect(failed.outcome == "ERROR", "\(failed)")
        #expect(failed["build"]?["ended"] == "exited with code 3")
        #expect(Set(failed["build"]?["output"]?.array?.compactMap(\.string) ?? []) == ["one", "two"])
        #expect(server.state.withLock { $0.starts } == 1)
        request.build = try BuildCommand(line: "/bin/sh -c 'exit 0'")
        let built = await session.restart(request).json
        #expect(built["success"] == true, "\(built)")
        #expect(server.state.withLock { $0.starts } == 2)
        await session.close()
    }

    @Test("changed files restart the server, and the next answer says so")
    func changedFilesRestartTheServer() async throws {
        let folder = try TemporaryFolder()
        try folder.write("one", to: "a.py")
        _ = await session.connect(.init(target: Target(command: "x", workingDirectory: folder.path)))
        var request = TesterSession.RestartRequest()
        request.watch = ["**/*.py"]
        let watched = await session.restart(request).json
        #expect(watched["watch"]?["files"] == 1, "\(watched)")
        try folder.write("another", to: "a.py")
        try await passTime(until: 3)
        var answer: JSONValue = [:]
        // The new connection is in place shortly after the server was started.
        while answer["restarted_because"] == nil { answer = await session.callTool("t").json }
        #expect(answer["restarted_because"] == ["a.py"])
        #expect(await session.callTool("t").json["restarted_because"] == nil)
        request.watch = []
        _ = await session.restart(request)
        await session.close()
    }

    @Test("a restart by changed files that fails is reported by the next answer, and the next change tries again")
    func aFailedRestartByChangedFilesIsReported() async throws {
        let folder = try TemporaryFolder()
        try folder.write("one", to: "a.py")
        _ = await session.connect(.init(target: Target(command: "x", workingDirectory: folder.path)))
        var request = TesterSession.RestartRequest()
        request.watch = ["*.py"]
        _ = await session.restart(request)
        server.state.withLock { $0.isBroken = true }
        try folder.write("a broken one", to: "a.py")
        try await passTime(until: 3)
        var answer: JSONValue = [:]
        while answer["error"]?["message"]?.string?.contains("did not start again") != true {
            answer = await session.callTool("t").json
        }
        let message = answer["error"]?["message"]?.string ?? ""
        #expect(
            message.hasPrefix("The server of \"default\" was stopped because a.py changed, and did not"),
            "\(answer)"
        )
        #expect(answer["error"]?["error_type"] == "not_connected")
        #expect(answer["error"]?["suggestion"]?.string?.contains("restart_server") == true)
        server.state.withLock { $0.isBroken = false }
        try folder.write("a repaired one", to: "a.py")
        try await passTime(until: 4)
        while answer["restarted_because"] == nil { answer = await session.callTool("t").json }
        #expect(answer["restarted_because"] == ["a.py"], "\(answer)")
        await session.close()
    }

    /// Lets time pass until the server was started a number of times.
    private func passTime(until starts: Int) async throws {
        while server.state.withLock({ $0.starts }) < starts {
            clock.advance(by: .seconds(1))
            await Task.yield()
        }
    }

    @Test("a call says that the script of the server has changed since it was started")
    func aChangedScriptIsReported() async throws {
        let folder = try TemporaryFolder()
        try folder.write("one", to: "server.py")
        let target = Target(command: "python3", arguments: [folder.path("server.py")])
        _ = await session.connect(.init(target: target))
        func remarks() async -> [String] {
            (await session.callTool("t").json["findings"]?.array ?? []).compactMap { $0["message"]?.string }
        }
        #expect(await remarks().isEmpty)
        try folder.write("another one", to: "server.py")
        #expect(await remarks().contains { $0.hasPrefix("server.py changed after the server started") })
        #expect(await session.callTool("t").json["next_step"] == nil, "a failure has its own advice")
        server.state.withLock { $0.reply = #"{"content":[]}"# }
        let passed = await session.callTool("t").json
        #expect(passed["next_step"]?.string?.hasPrefix("Call restart_server") == true, "\(passed)")
        _ = await session.restart(.init())
        #expect(await remarks().isEmpty)
        await session.close()
    }

    @Test("switching makes another connection current; an unknown name is met with the right advice")
    func switchingConnections() async throws {
        _ = await session.connect(.init(target: Target(command: "x"), name: "one"))
        _ = await session.connect(.init(target: Target(command: "y"), name: "two"))
        let switched = session.switchConnection(to: "one").json
        #expect(switched["previous"] == "two")
        #expect(session.status().json["connection"]?["name"] == "one")
        let unknown = session.switchConnection(to: "onr").json
        #expect(unknown["error"]?["error_type"] == "not_connected")
        #expect(
            unknown["error"]?["suggestion"]?.string?.hasPrefix("Give connection_name \"one\"") == true,
            "\(unknown)"
        )
        await session.close()
    }
}
