import Platform

/// The root of this package, derived from the path of this file.
public let packageRoot = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }

/// Test data shared with other projects: schemas of the specification, test suites, contracts.
///
/// Its folder is `MCP_TEST_SHARED` (default: `shared` next to the package root).
public enum SharedData {
    /// The folder.
    public static let folder = environment("MCP_TEST_SHARED") ?? "\(packageRoot)/../shared"

    /// Whether the folder exists, for `.enabled(if:)`.
    public static let isAvailable = exists(folder)

    /// Why tests that need the folder are skipped.
    public static let absence = "the shared test data is missing: set MCP_TEST_SHARED to its folder"

    /// The path of a file or folder in it.
    public static func path(_ relative: String) -> String {
        "\(folder)/\(relative)"
    }

    /// The bytes of a file in it.
    ///
    /// - Throws: ``UnreadableFile``.
    public static func bytes(_ relative: String) throws -> [UInt8] {
        try contents(ofFile: path(relative))
    }
}

/// The Python environments with real MCP libraries, created by `Scripts/peers`.
///
/// Their folder is `MCP_TEST_PEERS` (default: `.build-peers` in the package).
public enum TestPeers: String, CaseIterable, Sendable {
    /// The Python SDK, both eras.
    case mcp2
    /// The Python SDK, legacy era.
    case mcp1
    /// FastMCP on the SDK of both eras.
    case fastmcp4
    /// FastMCP on the SDK of the legacy era.
    case fastmcp3
    /// Third-party servers.
    case others
    /// Programs that start MCP servers from their configuration files: Codex and Claude Code.
    case hosts
    /// A server of language models.
    case model
    /// An authorization server on Authlib.
    case oauth
    /// A terminal emulator.
    case terminal
    /// Readers of reports.
    case reports

    /// The folder of all environments.
    public static let folder = environment("MCP_TEST_PEERS") ?? "\(packageRoot)/.build-peers"

    /// Why tests that need an environment are skipped.
    public static let absence = "the peers are not installed: run Scripts/peers"

    /// The Python interpreter of the environment.
    public var python: String { program("python") }

    /// A program that is installed in the environment.
    public func program(_ name: String) -> String {
        "\(Self.folder)/\(rawValue)/bin/\(name)"
    }

    /// A file of a package that is installed in the environment.
    public func packageFile(_ relative: String) -> String {
        let library = "\(Self.folder)/\(rawValue)/lib"
        var versions: [String] = []
        if let stream = opendir(library) {
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                versions.append(
                    withUnsafePointer(to: &entry.pointee.d_name) {
                        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                    }
                )
            }
        }
        let version = versions.first { $0.hasPrefix("python3") } ?? "python3"
        return "\(library)/\(version)/site-packages/\(relative)"
    }

    /// Whether the environment exists, for `.enabled(if:)`.
    public var isAvailable: Bool { exists(python) }

    /// The path of a script in `Tests/Peers`.
    public static func script(_ relative: String) -> String {
        "\(packageRoot)/Tests/Peers/\(relative)"
    }
}

/// A file that a test needs but cannot read.
public struct UnreadableFile: Error, CustomStringConvertible {
    /// The path.
    public let path: String
    /// What happened.
    public var description: String { "\(path) cannot be read" }
}

private func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}

private func exists(_ path: String) -> Bool {
    access(path, R_OK) == 0
}

private func contents(ofFile path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw UnreadableFile(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    guard ferror(file) == 0 else { throw UnreadableFile(path: path) }
    return bytes
}
