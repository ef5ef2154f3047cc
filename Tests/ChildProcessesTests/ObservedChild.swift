import Foundation
import TestSupport

@testable import AsyncRuntime
@testable import ChildProcesses

/// A child whose lines and end are noted in the order in which they were told.
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

    /// Waits for the next line beyond those that were noted before, and returns all texts.
    func texts(count: Int) async -> [String] {
        await lines.wait(count: count).map(\.text)
    }
}

extension ChildProcess.Grace {
    /// For children that end at once, so that a test never waits for the times to run out.
    static let patient = Self(endOfInput: .seconds(60), terminate: .seconds(60))
    /// For children that ignore what they are asked.
    static let brief = Self(endOfInput: .milliseconds(20), terminate: .milliseconds(20))
}
