#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A temporary folder of a test, removed with its content when it is released.
public final class TemporaryFolder: Sendable {
    /// The path.
    public let path: String

    /// Creates an empty folder.
    public init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mcp-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Resolves links, because a child process reports its resolved path.
        path = folder.resolvingSymlinksInPath().path(percentEncoded: false)
    }

    deinit {
        // The system removes what cannot be removed here.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file or folder in it.
    public func path(_ relative: String) -> String {
        "\(path)/\(relative)"
    }

    /// Writes a file, creates its parent folders, and returns its path.
    @discardableResult
    public func write(_ text: String, to relative: String, isExecutable: Bool = false) throws -> String {
        let file = path(relative)
        let parent = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        if isExecutable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file) }
        return file
    }

    /// The bytes of a file in it.
    public func bytes(_ relative: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(relative))))
    }

    /// The lines of a file in it, empty if the file does not exist.
    public func lines(of relative: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: path(relative)) else { return [] }
        let text = String(decoding: try Data(contentsOf: URL(filePath: path(relative))), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }
}
