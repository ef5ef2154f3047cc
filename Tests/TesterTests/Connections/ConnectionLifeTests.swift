import Foundation
import JSON
import MCP
import MCPClient
import TestSupport
import Tester
import Testing

/// Targets that end, and many connections one after the other.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct ConnectionLifeTests {
    @Test func aTargetThatEndsBetweenTwoQuestionsIsNotConnectedAnyMore() async throws {
        let session = TesterSession.stdio(era: .legacy)
        // It reads two lines, the handshake, and leaves.
        let script =
            shellServer.replacing("while IFS= read -r line; do", with: "for turn in 1 2; do IFS= read -r line")
            + "\nexit 3"
        _ = await session.connect(.init(target: Target(command: "/bin/sh", arguments: ["-c", script])))
        let link = try #require(session.connections.first?.client.link)
        _ = await link.ended()
        let status = session.status().json
        #expect(status["connected"] == false)
        #expect(status["connection"]?["ended"]?.string?.contains("exited with code 3") == true, "\(status)")
        #expect(status["evidence"]?["server"]?["exit_code"] == 3)
        let answer = await session.callTool("t").json
        #expect(answer["error"]?["error_type"] == "not_connected", "\(answer)")
        #expect(answer["failure_class"] == "transport")
        let message = answer["error"]?["message"]?.string ?? ""
        #expect(message.contains("exited with code 3"), "how it ended")
        #expect(message.contains(" s ago"), "when it ended")
        #expect(message.hasSuffix("Nothing was sent."))
        #expect(answer["evidence"]?["request"] == nil)
        #expect(answer["evidence"]?["server"]?["exit_code"] == 3)
        for report in [await session.listTools(), await session.readResource("x:y"), await session.getPrompt("p")] {
            #expect(report.json["error"]?["error_type"] == "not_connected", "\(report.json)")
        }
        #expect(await session.events().failure == nil, "what was recorded can still be read")
        #expect(await session.disconnect().json["was_connected"] == true)
    }

    @Test func hundredsOfConnectionsInMemoryLeaveNothing() async throws {
        let server = CannedServer { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let session = try await TesterSession.connected(to: server)
        weak var former: Connection?
        for _ in 1...300 {
            former = session.connections.first
            let answer = await session.connect(.init(target: Target(command: "canned")))
            #expect(answer.failure == nil)
        }
        #expect(session.connections.count == 1)
        #expect(former == nil, "a connection that was replaced is still held by somebody")
        await session.close()
    }

    /// Runs in a process of its own, for nobody else may open descriptors meanwhile.
    @Test func hundredsOfConnectionsToProcessesLeaveNoProcessNoDescriptorAndNoGrowth() async {
        await #expect(processExitsWith: .success) {
            let session = TesterSession.stdio(era: .legacy)
            var processes = try await Repetition.connect(session, times: 100)
            let (descriptors, memory) = (try Repetition.descriptors(), Repetition.peakMemory())
            processes += try await Repetition.connect(session, times: 900)
            try #require(Set(processes).count == 1000)
            let left = processes.filter { kill(pid_t($0), 0) == 0 }
            try #require(left.isEmpty, "these processes are still there: \(left)")
            try #require(try Repetition.descriptors() == descriptors)
            let growth = Repetition.peakMemory() - memory
            try #require(growth < 8 << 20, "900 connections more took \(growth) bytes")
        }
    }
}

/// Many connections one after the other, and what may not grow meanwhile.
private enum Repetition {
    /// Connects, calls and disconnects; gives the ids of the processes.
    static func connect(_ session: TesterSession, times: Int) async throws -> [Int] {
        let target = Target(command: "/bin/sh", arguments: ["-c", shellServer])
        var processes: [Int] = []
        for _ in 0..<times {
            let connected = await session.connect(.init(target: target))
            try #require(connected.failure == nil, "\(connected.verdict)")
            try #require(await session.callTool("t").failure == nil)
            processes.append(try #require(session.status().json["evidence"]?["server"]?["pid"]?.int))
            weak let former = session.connections.first
            _ = await session.disconnect()
            try #require(former == nil, "a connection that was ended is still held by somebody")
        }
        return processes
    }

    static func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count
    }

    /// The most memory that the process ever had, in bytes.
    static func peakMemory() -> Int {
        var usage = rusage()
        #if os(Linux)
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_maxrss) << 10
        #else
        getrusage(RUSAGE_SELF, &usage)
        return Int(usage.ru_maxrss)
        #endif
    }
}
