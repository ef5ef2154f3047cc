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

/// What a command wrote.
final class Written: Sendable {
    private let texts = Mutex((out: "", error: ""))

    var out: String { texts.withLock { $0.out } }
    var error: String { texts.withLock { $0.error } }

    /// The object of the last line of standard error, which every run that did not pass ends with.
    var errorLine: JSONValue {
        get throws {
            let line = error.split(separator: "\n").last ?? ""
            return try #require(try JSONValue(parsing: String(line))["error"])
        }
    }

    /// Streams that end up here; where it is not read, writing to standard output fails.
    func streams(isTerminal: Bool = false, isRead: Bool = true) -> Streams {
        Streams(
            isTerminal: isTerminal,
            out: { bytes, _ in
                guard isRead else { return false }
                self.texts.withLock { $0.out += String(decoding: bytes, as: UTF8.self) }
                return true
            },
            error: { bytes, _ in
                self.texts.withLock { $0.error += String(decoding: bytes, as: UTF8.self) }
                return true
            }
        )
    }
}

/// Lines that a person will type.
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
    /// Surroundings in which every target is a demo server of this process, or the one that is given.
    ///
    /// - Parameter typed: What a person types, line by line; nobody is there without it.
    static func scripted(
        _ written: Written,
        faults: Set<Fault> = [],
        variables: [String: String] = [:],
        files: [String: String] = [:],
        standardInput: String = "",
        isTerminal: Bool = false,
        typed: [String]? = nil,
        target: InputRequestingServer? = nil,
        isRead: Bool = true,
        served: Served = Served(),
        servingFailure: (any Error)? = nil
    ) throws -> CommandContext {
        let clock = SystemTesterClock(PollLoop.shared)
        let lines = LinesToType(typed ?? [])
        let conversations = try DemoServer(faults: faults, scheduler: clock).conversations()
        return CommandContext(
            streams: written.streams(isTerminal: isTerminal, isRead: isRead),
            environment: Environment(variables),
            clock: clock,
            executable: "/bin/mcp-test-mcp",
            inputs: Inputs(
                isTerminal: typed != nil,
                file: { (path) throws(Failure) in
                    guard let text = files[path] else { throw .usage("There is no file \(path).", nextStep: "") }
                    return Array(text.utf8)
                },
                standard: { Array(standardInput.utf8) },
                line: { lines.next() }
            ),
            makeTransport: { _ in target?.transport() ?? InMemoryTransport(conversations) },
            makeServer: { options, onListening in
                served.add(options)
                return ScriptedServing(options, failure: servingFailure, onListening)
            },
            // Other tests have processes of their own in this process.
            endProcesses: {}
        )
    }
}

/// Parses a command line that is expected to be one of ours, and runs it.
func run(_ arguments: [String], in context: CommandContext) async throws -> Exit {
    guard case .run(let command, let serverCommand) = Invocation(arguments) else {
        Issue.record("the command line \(arguments) was not understood")
        return .misused
    }
    var context = context
    context.serverCommand = serverCommand
    return await CommandRunner(context).finish(command)
}
