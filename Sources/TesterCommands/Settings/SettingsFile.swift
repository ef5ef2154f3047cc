import Platform

/// Reads settings files, whose content and kind may have been chosen by someone else.
enum SettingsFile {
    /// The largest file that is read, in bytes.
    static let sizeLimit = 64 << 10

    /// Why a file was not read.
    enum Problem: Error, Equatable, CustomStringConvertible {
        case missing
        case directory
        /// A FIFO, a device or a socket, or a link to one.
        case notRegular
        case tooLarge
        /// The `errno` value of a system call that failed.
        case unreadable(Int32)

        var description: String {
            switch self {
            case .missing: "the file does not exist"
            case .directory: "it is a directory"
            case .notRegular: "it is not a regular file"
            case .tooLarge: "it is larger than 64 KiB"
            case .unreadable(let code): String(cString: strerror(code))
            }
        }
    }

    /// Reads a regular file of at most ``sizeLimit`` bytes.
    static func read(_ path: String) throws(Problem) -> [UInt8] {
        // Without O_NONBLOCK, opening a FIFO waits for a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw code == ENOENT || code == ENOTDIR ? .missing : .unreadable(code)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .directory
        default: throw .notRegular
        }
        guard status.st_size <= sizeLimit else { throw .tooLarge }
        return try content(of: descriptor)
    }

    /// Reads to the end; the size is checked again because the file may grow meanwhile.
    private static func content(of descriptor: Int32) throws(Problem) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Platform.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(errno) }
            guard count > 0 else { return content }
            content += chunk[..<count]
            guard content.count <= sizeLimit else { throw .tooLarge }
        }
    }
}
