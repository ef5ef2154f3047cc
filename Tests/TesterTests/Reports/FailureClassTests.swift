import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import TestSupport
import Tester
import Testing

/// Every class of failure is brought about, on stdio or in memory; the evidence of each is checked where its cause is.
@Suite(.timeLimit(.minutes(15)))
struct FailureClassTests {
    private static let provoked: [FailureClass: @Sendable () async throws -> Report] = [
        .spawn: { await connect(to: Target(command: "/no/such/server")) },
        .stdoutPollution: { try await call(.frames(["panic: no JSON"]), until: .seconds(60)) },
        .handshake: { await connect(to: CannedServer { _, _ in .error(#"{"code":-32603,"message":"no"}"#) }) },
        .version: { await connect(to: CannedServer { _, _ in .result(#"{"protocolVersion":"1999-01-01"}"#) }) },
        .auth: {
            let session = TesterSession(
                settings: TesterSettings(info: Implementation(name: "t", version: "1")) { _ in
                    ScriptedExchanges { _, _ in .failure(.unauthorized, status: 401) }
                },
                clock: SystemTesterClock(FakeClock())
            )
            return await session.connect(.init(target: try Target(HTTPEndpoint(url: "http://h/mcp"))))
        },
        .transport: {
            let session = try await TesterSession.calling("{}")
            _ = await session.disconnect()
            return await session.callTool("t")
        },
        .timeout: { try await call(.silence, until: .seconds(60)) },
        .protocolError: { try await call(.error(#"{"code":-32603,"message":"no"}"#)) },
        .toolError: { try await call(.result(#"{"content":[],"isError":true}"#)) },
        .schemaMismatch: {
            let session = try await TesterSession.connected(
                to: CannedServer { method, _ in
                    method == "tools/list"
                        ? .result(#"{"tools":[{"name":"t","inputSchema":{},"outputSchema":{"type":"object"}}]}"#)
                        : method == "tools/call" ? .result(#"{"content":[],"structuredContent":7}"#) : nil
                }
            )
            _ = await session.listTools()
            return await session.callTool("t")
        },
        .needsInput: {
            // What is asked of the user is a question, not a failure; what is refused for the user can be one.
            let server = InputRequestingServer(.modern, rounds: [[.sampling("model")]])
            return await (try await TesterSession.connected(to: server, policy: ["sampling": "decline"])).callTool("t")
        },
        .cancelled: {
            let server = CannedServer { method, _ in method == "tools/call" ? .silence : nil }
            let session = try await TesterSession.connected(to: server)
            let call = Task { await session.callTool("t") }
            _ = try await server.inbox.next("tools/call")
            call.cancel()
            return await call.value
        },
        .crashed: { await connect(to: Target(command: "/bin/sh", arguments: ["-c", "exit 9"])) },
        .usage: {
            do throws(Failure) {
                _ = try TargetResolver().resolve("ftp://example.com/mcp")
                throw Failure(.auth, .executionError, "nothing was refused", nextStep: "")
            } catch {
                return Report(error)
            }
        },
    ]

    @Test func everyClassIsProvoked() {
        #expect(Set(FailureClass.allCases) == Set(Self.provoked.keys))
    }

    @Test(arguments: FailureClass.allCases)
    func aFailureIsOfItsClassAndSaysWhatToDo(_ failureClass: FailureClass) async throws {
        let answer = try await provoke(failureClass)
        let failure = try #require(answer.failure, "\(answer.verdict)")
        #expect(failure.failureClass == failureClass, "\(answer.verdict)")
        #expect(!failure.message.isEmpty)
        #expect(!failure.nextStep.isEmpty)
        // Where no connection came about it could not be found out what the target does.
        let isConnecting = answer.json["connection"]?.isNull == true
        #expect(answer.outcome == (isConnecting ? .error : failureClass.outcome))
        #expect(answer.verdict.hasPrefix("\(answer.outcome.rawValue): "))
        #expect(answer.json["failure_class"]?.string == failureClass.rawValue)
    }

    @Test func aServerThatNeedsInputIsShownWithItsQuestions() async throws {
        let answer = try await provoke(.needsInput)
        #expect(answer.verdict.hasPrefix("NEEDS_INPUT: "))
        #expect(answer.json["target_result"]?["inputRequests"]?["model"]?["params"]?["maxTokens"] == 10)
    }

    @Test func aCancelledCallIsCalledOffAtTheServer() async throws {
        let answer = try await provoke(.cancelled)
        #expect(answer.json["evidence"]?["request"]?.string?.contains("tools/call") == true)
        let frames = answer.json["evidence"]?["last_frames"]?.array ?? []
        #expect(frames.last?["text"]?.string?.contains("notifications/cancelled") == true, "\(answer.json)")
    }

    // MARK: - Steps

    private func provoke(_ failureClass: FailureClass) async throws -> Report {
        let provocation = try #require(Self.provoked[failureClass])
        return try await provocation()
    }

    private static func connect(to server: CannedServer) async -> Report {
        let session = TesterSession(
            settings: TesterSettings(info: Implementation(name: "t", version: "1")) { _ in server.transport() },
            clock: SystemTesterClock(FakeClock())
        )
        return await session.connect(.init(target: Target(command: "canned"), era: .legacy))
    }

    private static func connect(to target: Target) async -> Report {
        let session = TesterSession.stdio()
        return await session.connect(.init(target: target))
    }

    /// Calls a tool that is answered so, and moves the clock once that has been done.
    private static func call(_ reply: CannedServer.Reply, until limit: Duration? = nil) async throws -> Report {
        let clock = FakeClock()
        let server = CannedServer { method, _ in method == "tools/call" ? reply : nil }
        let session = try await TesterSession.connected(to: server, clock: clock)
        async let answer = session.callTool("t")
        if let limit {
            _ = try await server.inbox.next("tools/call")
            // The reply goes out where the call was received; this one comes after it.
            _ = await session.raw(.method("no/such", params: nil))
            clock.advance(by: limit)
        }
        return await answer
    }
}
