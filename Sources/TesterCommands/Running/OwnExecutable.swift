import Platform

/// The path of the running program, by which it can be started once more.
func ownExecutable() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    #if canImport(Darwin)
    var size = UInt32(buffer.count)
    let isKnown = _NSGetExecutablePath(&buffer, &size) == 0
    #else
    let isKnown = readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0
    #endif
    let path = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    // Where the system does not tell, it is looked for like any command.
    return isKnown ? String(decoding: path, as: UTF8.self) : Program.name
}
