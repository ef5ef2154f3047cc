import ChildProcesses
import MCPStdio
import Platform
import Synchronization
import Tester

/// Where arguments come from besides the command line.
struct InputSources: Sendable {
    /// Whether standard input is a terminal.
    var isTerminal: Bool
    /// Reads a file to its end, or until the task is cancelled.
    ///
    /// - Throws: ``Failure`` that says why it cannot be read.
    var file: @Sendable (_ path: String) async throws(Failure) -> [UInt8]
    /// Reads standard input to its end, or until the task is cancelled.
    var standard: @Sendable () async -> [UInt8]
    /// Reads the next line of standard input; nil at its end.
    var line: @Sendable () async -> String? = { nil }
    /// Reads a settings file.
    var settingsFile: @Sendable (_ path: String) throws(SettingsFile.Problem) -> [UInt8] = {
        (_) throws(SettingsFile.Problem) in
        throw .missing
    }

    /// Those of the process.
    static let system = InputSources(
        isTerminal: isatty(STDIN_FILENO) == 1,
        // It may be a named pipe that no one writes to.
        file: { (path) async throws(Failure) in
            try await offLoop { () throws(Failure) in try contents(ofFile: path) }
        },
        standard: readStandardInput,
        line: TerminalLineReader().next,
        settingsFile: SettingsFile.read
    )
}

private func contents(ofFile path: String) throws(Failure) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw unreadable(path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    guard ferror(file) == 0 else { throw unreadable(path) }
    return bytes
}

private func unreadable(_ path: String) -> Failure {
    .usage(
        "Could not read \(path): \(String(cString: strerror(errno))).",
        nextStep: "Name a readable file. Relative paths are resolved against the working directory."
    )
}

/// Reads on the loop, so that a signal is noticed while someone types.
@Sendable
private func readStandardInput() async -> [UInt8] {
    let collected = Mutex<[UInt8]>([])
    let end = AsyncStream<Void>.makeStream()
    StandardStreams()
        .start(
            onLine: { line in
                collected.withLock { $0 += line.isTerminated ? line.bytes + [0x0A] : line.bytes }
            },
            onEnd: { end.continuation.finish() }
        )
    for await _ in end.stream {}
    return collected.withLock(\.self)
}
