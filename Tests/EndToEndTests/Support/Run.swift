import ChildProcesses
import JSON
import MCPStdio

/// What a run of the program left.
struct Run: Sendable, CustomStringConvertible {
    /// The bytes of standard output.
    let output: [UInt8]
    /// Standard error.
    let errors: String
    let status: ExitStatus

    var text: String { String(decoding: output, as: UTF8.self) }

    var lines: [String] { text.split(separator: "\n").map(String.init) }

    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    /// The exit code; nothing if a signal ended the program.
    var code: Int32? {
        if case .exited(let code) = status { code } else { nil }
    }

    /// Standard output as the one JSON value that it is.
    func json() throws -> JSONValue { try JSONValue(parsing: output) }

    /// The messages on standard output, one a line.
    func messages() throws -> [JSONValue] { try lines.map { try JSONValue(parsing: $0) } }

    /// The one line of JSON that stands on standard error of every run that did not pass.
    func errorReport() throws -> JSONValue? {
        let reports = errorLines.filter { $0.hasPrefix(#"{"error":"#) }
        guard reports.count == 1, let line = reports.first, line == errorLines.last else { return nil }
        return try JSONValue(parsing: line)["error"]
    }

    var description: String { "\(status)\n--- output\n\(text.prefix(4000))\n--- errors\n\(errors.suffix(4000))" }
}
