import Platform
import Tester

/// Finds suite files.
enum SuiteFiles {
    /// Folders that are not searched.
    private static let skipped: Set<String> = ["node_modules", "__pycache__", "venv", "dist", "target"]

    /// The suite files that paths name, each once, in order; may block.
    ///
    /// - Throws: ``Failure`` if a path does not exist, or a folder has no suite.
    static func find(_ paths: [String]) throws(Failure) -> [String] {
        var files: [String] = []
        for given in paths {
            let path = plain(given)
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw .usage(
                    "`\(given)` does not exist.",
                    nextStep:
                        "Give a suite file or a folder. Relative paths are resolved against the working directory."
                )
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                files.append(path)
                continue
            }
            let found = search(path == "." ? "" : path.hasSuffix("/") ? path : path + "/", depth: 0)
            guard !found.isEmpty else {
                throw .usage(
                    "`\(given)` has no file that ends in \(SuiteLoader.endings.joined(separator: ", ")).",
                    nextStep: "Name a file: one that is named needs no special ending."
                )
            }
            files += found
        }
        var known: Set<String> = []
        return files.filter { known.insert($0).inserted }
    }

    /// A path without `./` and doubled slashes, because reports and --last-failed know cases by it.
    private static func plain(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return path.hasPrefix("/") ? "/" + parts : parts.isEmpty && !path.isEmpty ? "." : parts
    }

    private static func search(_ folder: String, depth: Int) -> [String] {
        guard depth < 20, let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if !name.hasPrefix("."), !skipped.contains(name) { names.append(name) }
        }
        var files: [String] = []
        for name in names.sorted() {
            var status = stat()
            // Not followed, because links can form a circle.
            guard lstat(folder + name, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                files += search(folder + name + "/", depth: depth + 1)
            } else if SuiteLoader.endings.contains(where: name.hasSuffix) {
                files.append(folder + name)
            }
        }
        return files
    }
}
