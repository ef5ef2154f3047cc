public import JSON
import Platform

/// The scripted server `Tests/Peers/faulty.py` with one fault, and the messages it received.
public struct FaultyServer: Sendable {
    /// The eras that it supports.
    public enum Era: String, Sendable, CaseIterable {
        /// The handshake only.
        case legacy
        /// The stateless revisions only.
        case modern
        /// Both.
        case dual
    }

    /// The Python interpreter that runs it.
    public static let python = getenv("MCP_TEST_PYTHON").map { String(cString: $0) } ?? "python3"

    /// Whether the interpreter exists, for `.enabled(if:)`.
    public static let isAvailable: Bool = {
        let folders = getenv("PATH").map { String(cString: $0).split(separator: ":") } ?? []
        return python.contains("/")
            ? access(python, X_OK) == 0 : folders.contains { access("\($0)/\(python)", X_OK) == 0 }
    }()

    /// Why tests that need it are skipped.
    public static let absence = "python3 was not found: set MCP_TEST_PYTHON to an interpreter"

    /// The arguments of the interpreter.
    public let arguments: [String]

    private let folder: TemporaryFolder

    /// Creates a server with a fault, or without one if it is nil.
    ///
    /// - Parameters:
    ///   - fault: The name of the fault in `faulty.py --help`.
    ///   - era: The era that it supports.
    ///   - method: The method that shows the fault (default: `tools/call`).
    ///   - options: Further options of `faulty.py`.
    public init(
        _ fault: String? = nil,
        era: Era = .legacy,
        on method: String? = nil,
        options: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        // Without site packages and environment variables it starts fastest.
        var arguments = ["-S", "-E", TestPeers.script("faulty.py"), "--era", era.rawValue, "--log", folder.path("log")]
        if let fault { arguments += ["--fault", fault] }
        if let method { arguments += ["--on", method] }
        self.arguments = arguments + options
    }

    /// The messages it received so far, in order, over all its starts; it logs each before it responds.
    public func log() throws -> [JSONValue] {
        try folder.lines(of: "log").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    /// Waits until it has read a message, as only a server that runs can.
    ///
    /// Give the test a time limit.
    public func untilReading() async throws {
        while try log().isEmpty { await Task.yield() }
    }

    /// The methods of those messages.
    public func methods() throws -> [String] {
        try log().map { $0["method"]?.string ?? "(none)" }
    }
}
