public import JSON

/// A server over HTTP that runs as a child process on a free port of the loopback, until nobody holds it any more.
///
/// It also ends when the tests themselves end, however they do: its standard input does then.
public final class HTTPPeer: Sendable {
    /// How it speaks the legacy era; the stateless revisions need none of it.
    public enum Style: String, Sendable, CaseIterable {
        /// Sessions, and answers as streams of events.
        case sessions
        /// Sessions, and answers as JSON.
        case json
        /// No sessions.
        case stateless
        /// Sessions, and events that are kept for a client that comes back; it has the tool `interrupted`, too.
        case resumable
        /// HTTP+SSE of the first revision and nothing else.
        case sse

        var option: [String] { self == .sessions ? [] : ["--\(rawValue)"] }
    }

    /// Where it serves.
    public let url: String

    private let child: SpawnedServer
    private let folder: TemporaryFolder

    /// Starts the server of a real library and waits until it serves.
    ///
    /// - Parameter token: The bearer token that it demands.
    /// - Throws: ``Failure`` if it ends without serving.
    public convenience init(_ library: TestPeers, _ style: Style = .sessions, token: String? = nil) async throws {
        let script = TestPeers.script("servers/\(library.rawValue)_server.py")
        let folder = try TemporaryFolder()
        var command = [library.python, script, "--http", "0", "--log", folder.path("log")] + style.option
        if let token { command += ["--token", token] }
        try await self.init(command, folder)
    }

    /// Starts a server that answers everything with a page.
    public static func page() async throws -> HTTPPeer {
        try await HTTPPeer(["/usr/bin/env", FaultyServer.python, "-S", "-E", TestPeers.script("pages.py")])
    }

    /// Starts any program that says `listening on URL` on its standard output once it serves.
    public convenience init(_ command: [String]) async throws {
        try await self.init(command, try TemporaryFolder())
    }

    private init(_ command: [String], _ folder: TemporaryFolder) async throws {
        let errors = folder.path("errors")
        let child = try SpawnedServer(command, errors: errors)
        let line = await child.firstLine()
        guard line.hasPrefix("listening on ") else {
            throw Failure(command: command, output: line, errors: try folder.lines(of: "errors"))
        }
        url = String(line.dropFirst("listening on ".count))
        self.child = child
        self.folder = folder
    }

    /// Its port.
    public var port: Int {
        url.split(separator: "/").dropFirst().first?.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// Every request that reached it so far, in order; each is taken down before it is met.
    ///
    /// They have `method`, `path`, `headers` as pairs of name (in lower case) and value, and `body` as text.
    public func requests() throws -> [JSONValue] {
        try folder.lines(of: "log").map { try JSONValue(parsing: $0) }
    }

    /// What it wrote to its standard error.
    public func errors() throws -> [String] {
        try folder.lines(of: "errors")
    }

    /// Ends it; from then on its port refuses connections.
    public func stop() {
        child.end()
    }

    /// A server did not come so far as to serve.
    public struct Failure: Error, CustomStringConvertible {
        let command: [String]
        let output: String
        let errors: [String]

        /// What was started and what it left.
        public var description: String {
            """
            \(command.joined(separator: " ")) did not begin to serve; it said "\(output)", and on standard error: \
            \(errors.suffix(20).joined(separator: "\n"))
            """
        }
    }
}
