import AsyncRuntime
import Platform

/// Finds the file that a command means before anything is started, so that each reason for a failure can be reported.
struct ExecutableLookup {
    let command: ChildProcess.Command

    /// The path to give to the system.
    ///
    /// It means the same file before and after the change of working directory.
    func path() throws(SpawnFailure) -> String {
        try checkWorkingDirectory()
        if command.executable.contains("/") {
            let path = fromWorkingDirectory(command.executable)
            try check(path, searched: [path])
            return path
        }
        return try pathInSearchPath()
    }

    /// The reason why the system refused a file that was found, read from its first line.
    func reason(path: String, failure: SystemError) -> SpawnFailure {
        let interpreter = Self.interpreter(ofScript: path)
        let isUnsuitable = failure.code == ENOENT || failure.code == ENOEXEC
        let isScriptWithoutAccess = failure.code == EACCES && interpreter != nil
        return isUnsuitable || isScriptWithoutAccess
            ? .badInterpreter(path: path, interpreter: interpreter)
            : SpawnFailure(failure)
    }

    private func checkWorkingDirectory() throws(SpawnFailure) {
        guard let directory = command.workingDirectory else { return }
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw .badWorkingDirectory(path: directory, reason: lastReason())
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .badWorkingDirectory(path: directory, reason: "it is not a directory")
        }
        guard access(directory, X_OK) == 0 else {
            throw .badWorkingDirectory(path: directory, reason: lastReason())
        }
    }

    private func pathInSearchPath() throws(SpawnFailure) -> String {
        let directories = searchPath.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard !command.executable.isEmpty else {
            throw .notFound(command: command.executable, searched: directories)
        }
        var firstProblem: SpawnFailure?
        for directory in directories {
            // An empty entry means the working directory (POSIX, 8.3 Other Environment Variables).
            let path = fromWorkingDirectory((directory.isEmpty ? "." : directory) + "/" + command.executable)
            do {
                try check(path, searched: directories)
                return path
            } catch {
                // A directory of that name is skipped; a file without permission is reported.
                if case .notExecutable = error, firstProblem == nil {
                    firstProblem = error
                }
            }
        }
        throw firstProblem ?? .notFound(command: command.executable, searched: directories)
    }

    private func check(_ path: String, searched: [String]) throws(SpawnFailure) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .notFound(command: command.executable, searched: searched)
            case let code: throw .systemError(errno: code, step: "examine `\(path)`")
            }
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw .isDirectory(path: path)
        }
        guard access(path, X_OK) == 0 else {
            throw .notExecutable(path: path, mode: UInt16(truncatingIfNeeded: status.st_mode & 0o7777))
        }
    }

    private var searchPath: String {
        if let path = command.environment["PATH"] {
            return path
        }
        return getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    }

    private func fromWorkingDirectory(_ path: String) -> String {
        guard let directory = command.workingDirectory, !path.hasPrefix("/") else { return path }
        guard !directory.hasPrefix("/"), let ours = getcwd(nil, 0) else { return directory + "/" + path }
        defer { free(ours) }
        return String(cString: ours) + "/" + directory + "/" + path
    }

    private func lastReason() -> String {
        String(cString: strerror(errno))
    }

    private static func interpreter(ofScript path: String) -> String? {
        // A named pipe must not block us until it has a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let head = [UInt8](unsafeUninitializedCapacity: 256) { bytes, count in
            count = max(0, read(descriptor, bytes.baseAddress, 256))
        }
        guard head.starts(with: "#!".utf8) else { return nil }
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return words.first.map { String(decoding: $0, as: UTF8.self) }
    }
}
