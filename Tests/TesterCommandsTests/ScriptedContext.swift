import AsyncRuntime
import DemoServer
import JSON
import JSONRPC
import MCPStdio
import MCPTransport
import Synchronization
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// Collects what a command writes.
final class Written: Sendable {
    private let texts = Mutex((out: "", error: ""))

    var out: String { texts.withLock { $0.out } }
    var error: String { texts.withLock { $0.error } }

    /// The error object in the last line of standard error.
    var errorLine: JSONValue {
        get throws {
            let line = error.split(separator: "\n").last ?? ""
            return try #require(try JSONValue(parsing: String(line))["error"])
        }
    }

    /// Streams that write here.
    ///
    /// - Parameter outputError: The `errno` value with which writing to standard output fails.
    func streams(
        isTerminal: Bool = false,
        isErrorTerminal: Bool = false,
        outputError: Int32? = nil,
        columns: Int? = nil
    ) -> Streams {
        Streams(
            isTerminal: isTerminal,
            columns: { columns },
            isErrorTerminal: isErrorTerminal,
            out: { bytes, _ in
                if let outputError { return .failed(outputError) }
                self.texts.withLock { $0.out += String(decoding: bytes, as: UTF8.self) }
                return .written
            },
            error: { bytes, _ in
                self.texts.withLock { $0.error += String(decoding: bytes, as: UTF8.self) }
                return .written
            }
        )
    }
}

/// The lines that a person types.
final class LinesToType: Sendable {
    private let lines: Mutex<[String]>

    init(_ lines: [String]) {
        self.lines = Mutex(lines)
    }

    func next() -> String? {
        lines.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}

extension CommandContext {
    /// A context in which every target is a demo server in this process, or the given server.
    ///
    /// - Parameters:
    ///   - fixtures: Whether the demo server offers the fixtures of the conformance suite.
    ///   - typed: The lines that a person types; nil if standard input is not a terminal.
    ///   - script: The lines of standard input if it is not a terminal.
    ///   - columns: The width of the terminal.
    static func scripted(
        _ written: Written,
        faults: Set<Fault> = [],
        fixtures: Bool = true,
        variables: [String: String] = [:],
        files: [String: String] = [:],
        standardInput: String = "",
        isTerminal: Bool = false,
        isErrorTerminal: Bool? = nil,
        typed: [String]? = nil,
        script: [String] = [],
        target: InputRequestingServer? = nil,
        outputError: Int32? = nil,
        columns: Int? = nil,
        served: Served = Served(),
        servingFailure: (any Error)? = nil
    ) throws -> CommandContext {
        let clock = SystemTesterClock(PollLoop.shared)
        let lines = LinesToType(typed ?? script)
        let conversations = try DemoServer(faults: faults, includesFixtures: fixtures, scheduler: clock).conversations()
        return CommandContext(
            streams: written.streams(
                isTerminal: isTerminal,
                // A person who types sees the prompts.
                isErrorTerminal: isErrorTerminal ?? (typed != nil),
                outputError: outputError,
                columns: columns
            ),
            environment: Environment(variables),
            clock: clock,
            executable: "/bin/mcp-test-mcp",
            inputs: InputSources(
                isTerminal: typed != nil,
                file: { (path) throws(Failure) in
                    guard let text = files[path] else { throw .usage("\(path) does not exist.", nextStep: "") }
                    return Array(text.utf8)
                },
                standard: { Array(standardInput.utf8) },
                line: { lines.next() },
                settingsFile: { (path) throws(SettingsFile.Problem) in
                    guard let text = files[path] else { throw .missing }
                    return Array(text.utf8)
                }
            ),
            makeTransport: { _ in target?.transport() ?? InMemoryTransport(conversations) },
            makeServer: { options, onListening in
                served.add(options)
                return ScriptedServing(options, failure: servingFailure, onListening)
            },
            // Other tests in this process have children, too.
            endProcesses: {}
        )
    }
}

/// Parses a command line, which must be valid, and runs it.
func run(_ arguments: [String], in context: CommandContext) async throws -> Exit {
    guard case .run(let command, let serverCommand) = Invocation(arguments) else {
        Issue.record("the command line \(arguments) was refused")
        return .misused
    }
    var context = context
    context.serverCommand = serverCommand
    return await CommandRunner(context).run(command, handlesSignals: false)
}
