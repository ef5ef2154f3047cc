public import JSON

/// An HTTP server in a child process on a free loopback port, which exits when it is released.
///
/// It also exits when the tests exit, because its standard input ends.
public final class HTTPPeer: Sendable {
    /// How it serves the legacy era; the stateless era has no variants.
    public enum Style: String, Sendable, CaseIterable {
        /// Sessions, with event streams as responses.
        case sessions
        /// Sessions, with JSON responses.
        case json
        /// No sessions.
        case stateless
        /// Sessions with resumable streams, and the tool `interrupted`.
        case resumable
        /// HTTP+SSE of the first revision only.
        case sse

        var option: [String] { self == .sessions ? [] : ["--\(rawValue)"] }
    }

    /// The URL that it serves.
    public let url: String

    private let child: SpawnedServer
    private let folder: TemporaryFolder

    /// Starts the server of a real library and waits until it serves.
    ///
    /// - Parameter token: The bearer token that it requires.
    /// - Throws: ``Failure`` if it exits without serving.
    public convenience init(_ library: TestPeers, _ style: Style = .sessions, token: String? = nil) async throws {
        let script = TestPeers.script("servers/\(library.rawValue)_server.py")
        let folder = try TemporaryFolder()
        var command = [library.python, script, "--http", "0", "--log", folder.path("log")] + style.option
        if let token { command += ["--token", token] }
        try await self.init(command, folder)
    }

    /// Starts a server that responds to every request with a web page.
    public static func page() async throws -> HTTPPeer {
        try await HTTPPeer(["/usr/bin/env", FaultyServer.python, "-S", "-E", TestPeers.script("pages.py")])
    }

    /// Starts a program that prints `listening on URL` when it serves.
    public convenience init(_ command: [String]) async throws {
        try await self.init(command, try TemporaryFolder())
    }

    private init(_ command: [String], _ folder: TemporaryFolder) async throws {
        let child = try await SpawnedServer(command)
        let line = await child.firstLine()
        guard line.hasPrefix("listening on ") else {
            throw Failure(command: command, output: line, errors: child.errors)
        }
        url = String(line.dropFirst("listening on ".count))
        self.child = child
        self.folder = folder
    }

    /// The port.
    public var port: Int {
        url.split(separator: "/").dropFirst().first?.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// The requests it received so far, in order; it logs each before it responds.
    ///
    /// Each has `method`, `path`, `headers` as pairs of lower-case name and value, and `body` as text.
    public func requests() throws -> [JSONValue] {
        try folder.lines(of: "log").map { try JSONValue(parsing: $0) }
    }

    /// Terminates it.
    ///
    /// From then on its port refuses connections.
    public func stop() {
        child.end()
    }

    /// A server exited before it served.
    public struct Failure: Error, CustomStringConvertible {
        let command: [String]
        let output: String
        let errors: [String]

        /// The command and its output.
        public var description: String {
            """
            \(command.joined(separator: " ")) did not begin to serve; it said "\(output)", and on standard error: \
            \(errors.suffix(20).joined(separator: "\n"))
            """
        }
    }
}
