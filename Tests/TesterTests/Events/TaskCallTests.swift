import JSON
import MCP
import MCPClient
import Synchronization
import TestSupport
import Tester
import Testing

/// Calls that a target makes tasks of.
@Suite(.timeLimit(.minutes(15)))
struct TaskCallTests {
    /// A server by the extension whose task asks once and is then done.
    private func server() -> CannedServer {
        let isAnswered = Mutex(false)
        let head =
            #""taskId":"t1","createdAt":"2026-01-01T00:00:00Z","lastUpdatedAt":"2026-01-01T00:00:00Z","ttlMs":null"#
        let form = #"{"type":"object","properties":{"name":{"type":"string"}}}"#
        let asks = #"{"who":{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":\#(form)}}}"#
        let result = #"{"content":[{"type":"text","text":"done"}]}"#
        return CannedServer(.modern) { method, _ in
            switch method {
            case "tools/call": .result(#"{"resultType":"task",\#(head),"status":"working","pollIntervalMs":0}"#)
            case "tasks/get":
                isAnswered.withLock { $0 }
                    ? .result(#"{"resultType":"complete",\#(head),"status":"completed","result":\#(result)}"#)
                    : .result(#"{"resultType":"complete",\#(head),"status":"input_required","inputRequests":\#(asks)}"#)
            case "tasks/update":
                {
                    isAnswered.withLock { $0 = true }
                    return .result(#"{"resultType":"complete"}"#)
                }()
            case "tasks/cancel": .result(#"{"resultType":"complete"}"#)
            default: nil
            }
        }
    }

    /// Lets the time go on while something is polled for.
    private func polling<Value: Sendable>(_ clock: FakeClock, _ body: () async -> Value) async -> Value {
        let time = Task {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(20))
                await Task.yield()
            }
        }
        let value = await body()
        time.cancel()
        await time.value
        return value
    }

    @Test func aTaskIsAwaitedAndItsQuestionAnsweredByRespond() async throws {
        let server = server()
        let clock = FakeClock()
        let session = try await TesterSession.connected(to: server, clock: clock)
        let asked = await session.callTool("slow", task: .wait)
        let pending = try #require(asked.pending, "\(asked.json)")
        #expect(pending.questions.map(\.key) == ["who"])
        let end = await polling(clock) {
            await session.respond(pending.callID, with: ["who": ["content": ["name": "Ada"]]]).json
        }
        #expect(end["tool_call"]?["result"] == "done", "\(end)")
        #expect(end["task"]?["status"] == "completed")
        let update = try server.inbox.allJSON().first { $0["method"] == "tasks/update" }
        #expect(update?["params"]?["inputResponses"]?["who"]?["content"] == ["name": "Ada"])
        await session.close()
    }

    @Test func aTaskIsReturnedAsAHandleAndLookedAfterLater() async throws {
        let server = server()
        let clock = FakeClock()
        let session = try await TesterSession.connected(to: server, clock: clock)
        let started = await session.callTool("slow", task: .handle).json
        #expect(started["task"]?["taskId"] == "t1", "\(started)")
        #expect(await session.task(.get, "t1").json["task"]?["status"] == "input_required")
        #expect(await session.task(.cancel, "t1").json["success"] == true)
        #expect(try server.methods().last == "tasks/cancel")
        let plan = InputPlan(values: [("name", "Ada")])
        let end = await polling(clock) { await session.task(.wait, "t1", with: CallOptions(input: plan)).json }
        #expect(end["tool_call"]?["tool_name"] == "slow", "\(end)")
        #expect(end["tool_call"]?["result"] == "done")
        await session.close()
    }

    @Test func anUnknownTaskIsTheTargetsError() async throws {
        let server = CannedServer(.modern) { method, _ in
            method == "tasks/get" ? .error(#"{"code":-32602,"message":"no such task"}"#) : nil
        }
        let session = try await TesterSession.connected(to: server)
        let answer = await session.task(.get, "nobody").json
        #expect(answer["failure_class"] == "protocol_error", "\(answer)")
        #expect(answer["target_error"]?["code"] == -32602)
        await session.close()
    }

    /// Source: extension `io.modelcontextprotocol/tasks`; 2025-11-25, "Tasks", tool-level negotiation.
    @Test(arguments: [CannedServer.Era.legacy, .modern])
    func whoeverCallsAToolThatIsATaskOnlyIsToldHow(_ era: CannedServer.Era) async throws {
        let missing = #"{"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}"#
        let server = CannedServer(era) { method, _ in
            switch method {
            case "tools/list":
                .result(#"{"tools":[{"name":"t","inputSchema":{},"execution":{"taskSupport":"required"}}]}"#)
            case "tools/call" where era == .modern: .error(#"{"code":-32021,"message":"no","data":\#(missing)}"#)
            case "tools/call": .error(#"{"code":-32601,"message":"no"}"#)
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        if era == .legacy { _ = await session.listTools() }
        let answer = await session.callTool("t")
        #expect(answer.failure?.nextStep.contains("set task to wait") == true, "\(answer.json)")
        await session.close()
    }

    @Test func thatNoTaskCameOfACallIsSaid() async throws {
        let server = CannedServer(.modern) { method, _ in
            method == "tools/call" ? .result(#"{"resultType":"complete","content":[]}"#) : nil
        }
        let session = try await TesterSession.connected(to: server)
        let answer = await session.callTool("t", task: .handle)
        #expect(answer.findings.map(\.message).contains { $0.contains("did not create a task") }, "\(answer.json)")
        await session.close()
    }
}
