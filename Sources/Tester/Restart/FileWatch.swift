import AsyncRuntime
import Platform

/// The files that match some patterns, with their states.
///
/// A pattern is a path in which `*`, `?` and `[…]` match within a name, and `**` matches any number of directories.
package struct FileWatch: Sendable {
    private let patterns: [[String]]
    private let directory: String

    /// How often files are looked at.
    static let interval = Duration.seconds(1)

    /// How many files are looked at; more would take too long each second.
    static let limit = 5000

    /// Directories that are never searched: what they contain is not the user's code.
    private static let skipped: Set = [".git", ".venv", "venv", "node_modules", "__pycache__", ".build", ".mypy_cache"]

    /// - Parameter directory: The directory that relative patterns begin in.
    package init(_ patterns: [String], in directory: String) {
        let directory = "/" + directory.split(separator: "/").joined(separator: "/")
        self.patterns = patterns.map { pattern in
            let path = pattern.hasPrefix("/") ? pattern : directory + "/" + pattern
            return path.split(separator: "/").map(String.init).filter { $0 != "." }
        }
        self.directory = directory
    }

    /// The states of all matching files.
    package func snapshot() -> [String: FileStamp] {
        var found: [String: FileStamp] = [:]
        for pattern in patterns { find(pattern[...], in: "", &found, depth: 0) }
        return found
    }

    /// The names of files that are new, gone or different, relative to the directory.
    package func changes(from old: [String: FileStamp], to new: [String: FileStamp]) -> [String] {
        let paths = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
        return paths.sorted().map {
            $0.hasPrefix(directory + "/") ? String($0.dropFirst(directory.utf8.count + 1)) : $0
        }
    }

    /// A path as a pattern that matches it alone.
    package static func pattern(of path: String) -> String {
        path.map { "*?[\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }

    /// Waits until files differ from those known, and no one is writing any more.
    ///
    /// - Returns: The states of the files then; nil if the calling task was cancelled.
    package func change(from known: [String: FileStamp], on clock: any TesterClock) async -> [String: FileStamp]? {
        while true {
            await clock.wait(for: Self.interval)
            if Task.isCancelled { return nil }
            var present = snapshot()
            guard present != known else { continue }
            // An editor or a compiler may still be writing.
            while true {
                await clock.wait(for: .milliseconds(300))
                if Task.isCancelled { return nil }
                let next = snapshot()
                if next == present { return present }
                present = next
            }
        }
    }

    private func find(
        _ pattern: ArraySlice<String>,
        in path: String,
        _ found: inout [String: FileStamp],
        depth: Int
    ) {
        guard found.count < Self.limit, depth < 40 else { return }
        guard let first = pattern.first else {
            found[path] = FileStamp(path)
            return
        }
        let rest = pattern.dropFirst()
        if first == "**" {
            find(rest, in: path, &found, depth: depth + 1)
            for name in Self.names(in: path) where !Self.skipped.contains(name) && Self.isDirectory(path + "/" + name) {
                find(pattern, in: path + "/" + name, &found, depth: depth + 1)
            }
        } else if !first.contains(where: { "*?[".contains($0) }) {
            find(rest, in: path + "/" + first, &found, depth: depth + 1)
        } else {
            for name in Self.names(in: path) where fnmatch(first, name, FNM_PERIOD) == 0 {
                find(rest, in: path + "/" + name, &found, depth: depth + 1)
            }
        }
    }

    private static func names(in path: String) -> [String] {
        guard let stream = opendir(path.isEmpty ? "/" : path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Links are not followed: they may lead in circles.
    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
