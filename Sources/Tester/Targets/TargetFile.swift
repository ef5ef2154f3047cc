import Platform

/// The file that a target's process runs, with its state at a point in time.
///
/// For `python server.py` or `uv run server.py` it is the script; for a program that is named by its path, the program.
struct TargetFile: Sendable {
    /// Its path.
    let path: String
    private let stamp: FileStamp

    /// Finds the file of a process; `nil` if the command names none, such as `npx some-package`.
    init?(of process: TargetProcess) {
        let scripts = process.arguments.filter { !$0.hasPrefix("-") && $0.utf8.count < 4096 }
        let programs = process.command.contains("/") ? [process.command] : []
        for word in scripts + programs {
            let path = Self.absolute(word, in: process.workingDirectory)
            guard let stamp = FileStamp(path) else { continue }
            self.path = path
            self.stamp = stamp
            return
        }
        return nil
    }

    /// Whether the file is another one than before, by one stat(2).
    ///
    /// A missing file says nothing: editors replace files by renaming.
    var hasChanged: Bool {
        guard let now = FileStamp(path) else { return false }
        return now != stamp
    }

    /// The last part of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func absolute(_ path: String, in directory: String?) -> String {
        guard let directory, !path.hasPrefix("/") else { return path }
        return directory + "/" + path
    }
}

extension Target {
    /// The file of the server as the user named it, if there is one; its name otherwise.
    package var place: String {
        guard let process, process.command != OwnExecutable.path, let file = TargetFile(of: process) else {
            return name
        }
        return file.path.hasSuffix("/\(name)") ? name : file.path
    }
}

/// What tells one state of a regular file from another.
package struct FileStamp: Sendable, Hashable {
    private let seconds: Int
    private let nanoseconds: Int
    private let size: Int
    private let number: UInt64

    /// Reads the state of a file; `nil` if there is no such regular file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        seconds = Int(time.tv_sec)
        nanoseconds = Int(time.tv_nsec)
        size = Int(status.st_size)
        number = UInt64(status.st_ino)
    }
}
