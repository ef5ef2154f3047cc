import Platform

/// Writes files that did not exist before.
enum NewFile {
    /// Writes bytes to a new file; an existing one is never overwritten.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault(path, errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Platform.write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                close(descriptor)
                unlink(path)
                throw fault(path, code)
            }
            written += count
        }
        close(descriptor)
    }

    private static func fault(_ path: String, _ code: Int32) -> Failure {
        code == EEXIST
            ? .usage("The file \(path) exists and was not overwritten.", nextStep: "Give the name of a new file.")
            : .usage(
                "Could not write \(path): \(String(cString: strerror(code))).",
                nextStep: "Give a path that can be written."
            )
    }
}
