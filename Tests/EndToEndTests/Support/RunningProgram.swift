import AsyncRuntime
import ChildProcesses
import Foundation
import JSON
import MCPStdio
import TestSupport

/// A run of the program, or of a script around it, whose standard streams the test controls.
struct RunningProgram: Sendable {
    let process: ChildProcess
    /// The lines of its standard output; an empty one without a line feed marks the end.
    private let output = Mailbox()

    /// Starts the program.
    ///
    /// It is killed after a generous time, so that no test waits forever.
    init(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        in folder: String? = nil,
        executable: String = Product.path
    ) async throws {
        let command = ChildProcess.Command(
            executable: executable,
            arguments: arguments,
            environment: Self.neutral.merging(environment) { $1 },
            workingDirectory: folder
        )
        process = try await ChildProcess.spawn(
            command,
            limits: .init(stderr: 16 << 20),
            handlers: .init(
                line: { [output] in output.put($0.isTerminated ? $0.bytes + [0x0A] : $0.bytes) },
                outputEnd: { [output] in output.put([]) }
            )
        )
        let loop = PollLoop.shared
        _ = loop.schedule(at: loop.now.advanced(by: Self.limit)) { [process] in
            _ = process.kill(SIGKILL)
        }
    }

    /// Starts a shell script that has the program as `$0`, for streams that are not pipes.
    init(script: String, _ arguments: [String] = [], environment: [String: String] = [:]) async throws {
        try await self.init(
            ["-c", script, Product.path] + arguments,
            environment: environment,
            executable: "/bin/sh"
        )
    }

    /// The environment of the tests may set these; empty, they count as missing.
    private static let neutral = [
        "NO_COLOR", "CLICOLOR_FORCE", "MCP_TEST_TRANSPORT", "MCP_TEST_HOST", "MCP_TEST_PORT", "MCP_TEST_METRICS_PORT",
        "MCP_TEST_LOG_LEVEL", "MCP_TEST_CONNECT_TIMEOUT", "MCP_TEST_VERBOSE", "MCP_TEST_STRUCTURED",
        "MCP_TEST_SERVER_TOKEN", "MCP_TEST_AUTH_TOKEN", "MCP_TEST_AUTH_STORE", "LLM_URL", "LLM_MODEL_NAME",
        "LLM_API_KEY",
    ].reduce(into: ["MCP_TEST_COMPLETION": "off"]) { $0[$1] = "" }

    private static let limit = Duration.seconds(400)

    /// Writes to its standard input.
    func write(_ text: String) {
        process.write(Array(text.utf8))
    }

    /// The next line of its standard output.
    ///
    /// - Throws: ``EndedTooSoon`` where the output has ended.
    func line() async throws -> String {
        let bytes = await output.next()
        guard !bytes.isEmpty else {
            // The next caller gets the same.
            output.put([])
            throw EndedTooSoon(errors: process.stderrTail().text)
        }
        return String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }

    /// Waits for it to exit.
    func ended() async -> Run {
        let status = await process.waitForExit().status
        return Run(output: output.frames.flatMap(\.self), errors: process.stderrTail().text, status: status)
    }

    /// Closes its input and waits for it to exit.
    func finish() async -> Run {
        process.closeInput()
        return await ended()
    }

    /// Runs the program until it exits.
    static func run(
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:],
        in folder: String? = nil
    ) async throws -> Run {
        let program = try await RunningProgram(arguments, environment: environment, in: folder)
        program.write(input)
        return await program.finish()
    }
}

/// The output ended before the line that a test waited for.
struct EndedTooSoon: Error, CustomStringConvertible {
    let errors: String
    var description: String { "standard output ended; standard error: \(errors)" }
}

extension ChildProcess {
    /// Sends a signal to the process alone, as the system or a person would.
    @discardableResult
    func kill(_ signal: Int32) -> Bool {
        exitReport == nil && Foundation.kill(processID, signal) == 0
    }
}
