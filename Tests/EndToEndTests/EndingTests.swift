import ChildProcesses
import Foundation
import JSON
import TestSupport
import Testing

/// However the program ends, nothing that it started keeps running.
@Suite(.timeLimit(.minutes(15)))
struct EndingTests {
    /// A server behind a shell with another child that ignores signals.
    private static func wrapped(_ lifeLine: Lifeline) -> [String] {
        let script = "\(lifeLine.grab) (trap '' TERM HUP INT; sleep 1000; true) & '\(Product.path)' demo; true"
        return ["/bin/sh", "-c", script]
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    func aSignalTerminatesTheServerAndItsTargets(_ signal: Int32) async throws {
        let (first, second) = (try Lifeline(), try Lifeline())
        let host = try await Host.connected()
        try await host.connect(to: Self.wrapped(first), ["name": "one"])
        try await host.connect(to: Self.wrapped(second), ["name": "two"])
        #expect(host.program.process.kill(signal))
        let run = await host.program.ended()
        #expect(run.code == 128 + signal, "\(run)")
        #expect(await first.isLetGo())
        #expect(await second.isLetGo())
    }

    @Test func aSignalTerminatesTheServerDuringACall() async throws {
        let lifeLine = try Lifeline()
        let host = try await Host.connected()
        try await host.connect(to: [
            "/bin/sh", "-c", "\(lifeLine.grab) exec '\(Product.path)' demo --fault never-answer",
        ])
        _ = host.request("tools/call", ["name": "call_tool", "arguments": ["name": "echo"]])
        // The response shows that the call has been read.
        _ = try await host.ask("ping")
        #expect(host.program.process.kill(SIGTERM))
        #expect(await host.program.ended().code == 143)
        #expect(await lifeLine.isLetGo())
    }

    @Test func nothingSurvivesASIGKILLOfTheServer() async throws {
        let lifeLine = try Lifeline()
        let host = try await Host.connected()
        try await host.connect(to: Self.wrapped(lifeLine))
        #expect(host.program.process.kill(SIGKILL))
        #expect(await host.program.ended().status == .signalled(signal: SIGKILL, coreDumped: false))
        #expect(await lifeLine.isLetGo())
    }

    @Test func nothingSurvivesASIGKILLOfACommand() async throws {
        let lifeLine = try Lifeline()
        let target = ["/bin/sh", "-c", "\(lifeLine.grab) echo waiting; (sleep 1000; true) & sleep 1000; true"]
        let program = try await RunningProgram(script: #"exec "$0" list -v -- "$@" 2>&1"#, target)
        while try await !program.line().contains("<- waiting") {}
        #expect(program.process.kill(SIGKILL))
        _ = await program.ended()
        #expect(await lifeLine.isLetGo())
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func aTargetThatIgnoresTheEndOfInputAndSIGTERMIsKilled() async throws {
        let lifeLine = try Lifeline()
        let host = try await Host.connected()
        let server = try FaultyServer("ignores-eof-and-term")
        let command = ([FaultyServer.python] + server.arguments).map { "'\($0)'" }.joined(separator: " ")
        try await host.connect(to: ["/bin/sh", "-c", "\(lifeLine.grab) exec \(command)"])
        let answer = try await host.call("disconnect")
        let ended = answer["metadata"]?["previous_connection"]?["ended"]?.string ?? ""
        #expect(ended.contains("SIGKILL"), "\(answer)")
        #expect(try server.methods().contains("initialize"))
        #expect(await lifeLine.isLetGo())
        #expect(await host.finish().code == 0)
    }

    @Test func aCrashedTargetIsReportedAndTheServerKeepsRunning() async throws {
        let host = try await Host.connected()
        try await host.connect(to: [Product.path, "demo", "--fault", "crash-on-call"])
        let answer = try await host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]])
        #expect(answer["success"] == false)
        #expect(answer["failure_class"] == "crashed", "\(answer)")
        #expect(try await host.call("get_connection_status")["connected"] == false)
        try await host.connect(to: [Product.path, "demo"])
        #expect(try await host.call("get_connection_status")["connected"] == true)
        #expect(await host.finish().code == 0)
    }

    @Test func twoHostsShareNothing() async throws {
        let (first, second) = (try await Host.connected(), try await Host.connected())
        try await first.connect(to: [Product.path, "demo"])
        #expect(try await second.call("get_connection_status")["connected"] == false)
        #expect(await first.finish().code == 0)
        #expect(await second.finish().code == 0)
    }

    @Test(.enabled(if: Processes.isAvailable, "\(Processes.absence)"))
    func hundredsOfConnectionsLeakNoProcessDescriptorOrMemory() async throws {
        let lifeLine = try Lifeline()
        let host = try await Host.connected()
        let server = host.program.process.processID
        var descriptors: [Int] = []
        var pages: [Int] = []
        for number in 0...200 {
            try await host.connect(to: ["/bin/sh", "-c", "\(lifeLine.grab) exec '\(Product.path)' demo"])
            _ = try await host.call("list_tools")
            #expect(try await host.call("disconnect")["was_connected"] == true)
            if number % 100 == 0 {
                descriptors.append(try Processes.descriptors(of: server))
                pages.append(try Processes.residentPages(of: server))
            }
        }
        #expect(await lifeLine.isLetGo())
        // Only the process guard stays.
        #expect(try Processes.children(of: server).count <= 1)
        #expect(descriptors[1] == descriptors[0] && descriptors[2] == descriptors[0], "\(descriptors)")
        #expect(Double(pages[2]) < 1.25 * Double(pages[1]), "\(pages)")
        #expect(await host.finish().code == 0)
    }
}
