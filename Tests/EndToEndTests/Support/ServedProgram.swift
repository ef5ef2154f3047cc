import Foundation
import JSON
import TestSupport
import Testing

/// The program as a server over HTTP on a free port of the loopback.
struct ServedProgram: Sendable {
    let program: RunningProgram
    /// Where it serves, as it says itself.
    let url: String

    /// Starts `serve` or `demo` with more arguments and waits until it listens.
    ///
    /// Its standard error, which says where that is, comes on its output.
    init(
        _ arguments: [String] = ["serve"],
        transport: String = "streamable-http",
        environment: [String: String] = [:]
    ) async throws {
        program = try await RunningProgram(
            script: #"exec "$0" "$@" 2>&1"#,
            arguments + ["--transport", transport, "--port", "0"],
            environment: environment
        )
        while true {
            let line = try await program.line()
            if let url = try? JSONValue(parsing: line)["url"]?.string {
                self.url = url
                return
            }
        }
    }

    /// Its port.
    var port: Int {
        url.split(separator: "/").dropFirst().first?.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// Asks it to end and waits for that.
    @discardableResult
    func stop() async -> Run {
        program.process.kill(SIGTERM)
        return await program.ended()
    }
}
