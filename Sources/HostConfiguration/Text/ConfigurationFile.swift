import Platform

/// Why a file was not read or written.
public enum FileProblem: Error, Sendable, Hashable, CustomStringConvertible {
    case missing
    case directory
    /// A FIFO, a device or a socket.
    case notRegular
    case tooLarge(limit: Int)
    /// The `errno` value of a system call that failed.
    case unusable(Int32)

    /// Why, as a clause.
    public var description: String {
        switch self {
        case .missing: "the file does not exist"
        case .directory: "it is a directory"
        case .notRegular: "it is not a regular file"
        case .tooLarge(let limit): "it is larger than \(limit >> 20) MiB"
        case .unusable(let code): String(cString: strerror(code))
        }
    }
}

/// Reads and replaces configuration files.
public enum ConfigurationFile {
    /// Reads a regular file.
    public static func read(
        _ path: String,
        limit: Int = ConfigurationText.sizeLimit
    ) throws(FileProblem) -> [UInt8] {
        // Without O_NONBLOCK, opening a FIFO waits for a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw problem(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unusable(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .directory
        default: throw .notRegular
        }
        guard status.st_size <= limit else { throw .tooLarge(limit: limit) }
        var content: [UInt8] = []
        content.reserveCapacity(Int(status.st_size))
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Platform.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unusable(errno) }
            guard count > 0 else { return content }
            content += chunk[..<count]
            // The file may have grown meanwhile.
            guard content.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }

    /// Replaces a file in one step: readers see the old content or the new one, and its permissions stay.
    ///
    /// A symbolic link stays, and the file that it names is replaced. Missing directories are created.
    ///
    /// - Parameter backup: Where the old content is kept; nil to keep none.
    public static func replace(_ path: String, with content: [UInt8], backup: String? = nil) throws(FileProblem) {
        let target = resolvingLinks(path)
        var status = stat()
        let exists = stat(target, &status) == 0
        // Configuration files may hold secrets, so a new one is for its owner only.
        let mode = exists ? status.st_mode & 0o7777 : 0o600
        if !exists { try makeDirectories(above: target) }
        if exists, let backup { try write(try read(target), to: resolvingLinks(backup), mode: mode, owner: status) }
        try write(content, to: target, mode: mode, owner: exists ? status : nil)
    }

    private static func write(
        _ content: [UInt8],
        to path: String,
        mode: mode_t,
        owner: stat?
    ) throws(FileProblem) {
        let temporary = "\(path).mcp-test-mcp-\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw problem(errno) }
        var failure = writeAll(content, to: descriptor)
        if failure == nil, fchmod(descriptor, mode) != 0 { failure = errno }
        // Only root can give a file to its former owner; for anyone else the owner is the same.
        if failure == nil, let owner { _ = fchown(descriptor, owner.st_uid, owner.st_gid) }
        if failure == nil, fsync(descriptor) != 0 { failure = errno }
        close(descriptor)
        if failure == nil, rename(temporary, path) != 0 { failure = errno }
        guard let failure else { return }
        unlink(temporary)
        throw .unusable(failure)
    }

    private static func writeAll(_ content: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Platform.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return errno }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    package static func makeDirectories(above path: String) throws(FileProblem) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let directory = String(path[..<slash])
        var status = stat()
        if stat(directory, &status) == 0 { return }
        try makeDirectories(above: directory)
        guard mkdir(directory, 0o755) == 0 || errno == EEXIST else { throw problem(errno) }
    }

    /// The path that a symbolic link leads to; the path itself if it is none or leads nowhere.
    private static func resolvingLinks(_ path: String) -> String {
        guard let buffer = realpath(path, nil) else { return path }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    private static func problem(_ code: Int32) -> FileProblem {
        code == ENOENT || code == ENOTDIR ? .missing : .unusable(code)
    }
}
