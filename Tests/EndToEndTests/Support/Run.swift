import ChildProcesses
import JSON
import MCPStdio

/// The output and the exit status of a finished run.
struct Run: Sendable, CustomStringConvertible {
    /// The bytes of standard output.
    let output: [UInt8]
    /// Standard error.
    let errors: String
    let status: ExitStatus

    var text: String { String(decoding: output, as: UTF8.self) }

    var lines: [String] { text.split(separator: "\n").map(String.init) }

    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    /// The exit code; nil if a signal terminated the program.
    var code: Int32? {
        if case .exited(let code) = status { code } else { nil }
    }

    /// Standard output as one JSON value.
    func json() throws -> JSONValue { try JSONValue(parsing: output) }

    /// The messages on standard output, one per line.
    func messages() throws -> [JSONValue] { try lines.map { try JSONValue(parsing: $0) } }

    /// The error object in the last line of standard error; nil if there is none.
    func errorReport() throws -> JSONValue? {
        let reports = errorLines.filter { $0.hasPrefix(#"{"error":"#) }
        guard reports.count == 1, let line = reports.first, line == errorLines.last else { return nil }
        return try JSONValue(parsing: line)["error"]
    }

    var description: String { "\(status)\n--- output\n\(text.prefix(4000))\n--- errors\n\(errors.suffix(4000))" }
}
