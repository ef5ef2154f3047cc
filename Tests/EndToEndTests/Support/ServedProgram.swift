import Foundation
import JSON
import TestSupport
import Testing

/// The program as an HTTP server on a free loopback port.
struct ServedProgram: Sendable {
    let program: RunningProgram
    /// Its URL, as logged.
    let url: String

    /// Starts `serve` or `demo` with more arguments and waits until it listens.
    ///
    /// Its standard error, which has the URL, is redirected to its output.
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

    /// Sends SIGTERM and waits for it to exit.
    @discardableResult
    func stop() async -> Run {
        program.process.kill(SIGTERM)
        return await program.ended()
    }
}
