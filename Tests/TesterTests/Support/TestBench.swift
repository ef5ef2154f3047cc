import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPStdio
import Synchronization
import TestSupport
import Tester
import Testing

/// A session with a healthy connection beside the one under test, on a clock that only the test moves.
///
/// Whatever the server under test does, the healthy connection must live on: ``close()`` sees to that.
final class TestBench: Sendable {
    let session: TesterSession
    let clock = FakeClock()
    private let taps = Taps()

    init() async throws {
        let taps = taps
        session = TesterSession(
            settings: TesterSettings(info: Implementation(name: "tester-tests", version: "1")) { target in
                taps.add(TappedTransport(target.transport(scheduler: PollLoop.shared)))
            },
            clock: SystemTesterClock(clock)
        )
        let answer = await connect(try FaultyServer(), name: "healthy", era: .legacy)
        try #require(answer["success"] == true, "\(answer)")
    }

    /// The tap on the transport that was made last.
    var tap: TappedTransport {
        get throws { try #require(taps.all.last) }
    }

    /// Waits for the transport of a connection that is being made.
    func nextTap(after count: Int) async -> TappedTransport {
        await taps.next(after: count)
    }

    var tapCount: Int { taps.all.count }

    /// Connects to the scripted server and gives the answer as JSON.
    func connect(
        _ server: FaultyServer,
        name: String = "bad",
        era: EraChoice = .auto
    ) async -> JSONValue {
        await connect(Target(command: FaultyServer.python, arguments: server.arguments), name: name, era: era)
    }

    func connect(_ target: Target, name: String = "bad", era: EraChoice = .auto) async -> JSONValue {
        await session.connect(.init(target: target, name: name, era: era)).json
    }

    /// Calls a tool of the server under test.
    func call(_ tool: String = "echo", _ arguments: JSONValue = ["message": "hi"]) async -> JSONValue {
        await session.callTool(tool, arguments: JSONText(arguments), with: CallOptions(on: "bad")).json
    }

    /// Sees that the healthy connection still answers, then ends all.
    func close() async throws {
        let answer = await session.callTool(
            "echo",
            arguments: JSONText(["message": "alive"]),
            with: CallOptions(on: "healthy")
        ).json
        #expect(answer["tool_call"]?["result"] == "alive", "\(answer)")
        #expect(answer["findings"] == nil, "\(answer)")
        await session.close()
    }

    private final class Taps: Sendable {
        private let state = Mutex<[TappedTransport]>([])
        private let news = AsyncStream<Void>.makeStream()

        var all: [TappedTransport] { state.withLock { $0 } }

        func add(_ tap: TappedTransport) -> TappedTransport {
            state.withLock { $0.append(tap) }
            news.continuation.yield()
            return tap
        }

        func next(after count: Int) async -> TappedTransport {
            for await _ in news.stream {
                if all.count > count { return all[count] }
            }
            preconditionFailure("the stream never ends")
        }
    }
}

extension Report {
    /// The whole object as a tree.
    var json: JSONValue { structured.value() }
}

extension JSONValue {
    /// The lines of standard error in the evidence of an answer.
    var standardError: [String] {
        (self["evidence"]?["server"]?["stderr_tail"]?.array ?? []).compactMap(\.string)
    }

    /// The first word of the verdict.
    var outcome: String? {
        self["verdict"]?.string?.split(separator: ":").first.map(String.init)
    }
}
