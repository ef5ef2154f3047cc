import Foundation
import TestSupport

@testable import AsyncRuntime
@testable import ChildProcesses

/// A child whose lines and end are recorded in the order in which they were reported.
struct ObservedChild: Sendable {
    enum Event: Sendable, Equatable {
        case line(String)
        case outputEnd
        case exit(ExitReport)
    }

    let process: ChildProcess
    let lines: Recorder<Line>
    let events: Recorder<Event>

    static func start(
        _ command: ChildProcess.Command,
        limits: ChildProcess.Limits = .init()
    ) async throws -> ObservedChild {
        let lines = Recorder<Line>()
        let events = Recorder<Event>()
        let process = try await ChildProcess.spawn(
            command,
            limits: limits,
            handlers: .init(
                line: { line in
                    lines.append(line)
                    events.append(.line(line.text))
                },
                outputEnd: { events.append(.outputEnd) },
                exit: { events.append(.exit($0)) }
            )
        )
        return ObservedChild(process: process, lines: lines, events: events)
    }

    static func shell(
        _ script: String,
        environment: [String: String] = [:],
        limits: ChildProcess.Limits = .init()
    ) async throws -> ObservedChild {
        try await start(
            .init(executable: "/bin/sh", arguments: ["-c", script], environment: environment),
            limits: limits
        )
    }

    func write(_ text: String) {
        process.write(Array(text.utf8))
    }

    /// Runs a closure on the loop.
    func onLoop<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            PollLoop.shared.add { continuation.resume(returning: body()) }
        }
    }

    /// The number of bytes that the child has not yet made room for.
    func backlog() async -> Int {
        await onLoop { process.inputBacklog }
    }

    /// Waits for that many lines and returns the text of all lines so far.
    func texts(count: Int) async -> [String] {
        await lines.wait(count: count).map(\.text)
    }
}

extension ChildProcess.Grace {
    /// For children that exit at once, so that a test never waits for the times to run out.
    static let patient = Self(endOfInput: .seconds(60), terminate: .seconds(60))
    /// For children that ignore a shutdown.
    static let brief = Self(endOfInput: .milliseconds(20), terminate: .milliseconds(20))
}
