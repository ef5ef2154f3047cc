#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder of its own for a test, removed with everything in it when nobody holds it any more.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Creates an empty folder.
    public init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mcp-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Where the system's folder is a link, what a child says of itself is the path behind it.
        path = folder.resolvingSymlinksInPath().path(percentEncoded: false)
    }

    deinit {
        // What cannot be removed is left to the system, which empties its temporary folder.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in it.
    public func path(_ relative: String) -> String {
        "\(path)/\(relative)"
    }

    /// Writes a file, with the folders above it, and tells its path.
    @discardableResult
    public func write(_ text: String, to relative: String, isExecutable: Bool = false) throws -> String {
        let file = path(relative)
        let parent = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)])
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        if isExecutable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file) }
        return file
    }

    /// The lines of a file in it; none where there is no such file yet.
    public func lines(of relative: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: path(relative)) else { return [] }
        let text = String(decoding: try Data(contentsOf: URL(filePath: path(relative))), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }
}
