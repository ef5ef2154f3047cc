import Platform

/// The running program, which also serves the built-in demo server.
public enum OwnExecutable {
    /// The path of the running program; its name where the system does not tell, to be looked up in `PATH`.
    public static var path: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        #if canImport(Darwin)
        var size = UInt32(buffer.count)
        let isKnown = _NSGetExecutablePath(&buffer, &size) == 0
        #else
        let isKnown = readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0
        #endif
        let path = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return isKnown ? String(decoding: path, as: UTF8.self) : "mcp-test-mcp"
    }
}
