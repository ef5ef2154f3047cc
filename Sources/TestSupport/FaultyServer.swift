public import JSON
import Platform

/// The scripted server of `Tests/Peers/faulty.py` with one chosen fault, and what it was really sent.
public struct FaultyServer: Sendable {
    /// The eras that it can speak.
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

    /// Tells whether there is such an interpreter, for `.enabled(if:)`.
    public static let isAvailable: Bool = {
        let folders = getenv("PATH").map { String(cString: $0).split(separator: ":") } ?? []
        return python.contains("/")
            ? access(python, X_OK) == 0 : folders.contains { access("\($0)/\(python)", X_OK) == 0 }
    }()

    /// Why tests that need it are skipped.
    public static let absence = "there is no python3: set MCP_TEST_PYTHON to an interpreter"

    /// What follows the interpreter.
    public let arguments: [String]

    private let folder: TemporaryFolder

    /// Chooses a fault; without one the server behaves.
    ///
    /// - Parameters:
    ///   - fault: The name that `faulty.py --help` gives it.
    ///   - era: What it speaks.
    ///   - method: Where it goes wrong, if not at `tools/call`.
    ///   - options: More options of `faulty.py`.
    public init(
        _ fault: String? = nil,
        era: Era = .legacy,
        on method: String? = nil,
        options: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        // It starts fastest without the packages of the site and the variables of the environment.
        var arguments = ["-S", "-E", TestPeers.script("faulty.py"), "--era", era.rawValue, "--log", folder.path("log")]
        if let fault { arguments += ["--fault", fault] }
        if let method { arguments += ["--on", method] }
        self.arguments = arguments + options
    }

    /// The messages that reached it so far, in order, over all its starts; every line is taken down before it is met.
    public func log() throws -> [JSONValue] {
        try folder.lines(of: "log").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    /// The methods of those messages.
    public func methods() throws -> [String] {
        try log().map { $0["method"]?.string ?? "(none)" }
    }
}
