import Platform

#if canImport(Darwin)
extension ProcessFigures {
    static var system: ProcessFigures {
        var figures = ProcessFigures()
        let pid = getpid()
        var task = proc_taskinfo()
        let taskSize = Int32(MemoryLayout<proc_taskinfo>.size)
        if proc_pidinfo(pid, PROC_PIDTASKINFO, 0, &task, taskSize) == taskSize {
            figures.residentBytes = Double(task.pti_resident_size)
        }
        var process = proc_bsdinfo()
        let processSize = Int32(MemoryLayout<proc_bsdinfo>.size)
        if proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &process, processSize) == processSize {
            figures.startTime = Double(process.pbi_start_tvsec) + Double(process.pbi_start_tvusec) / 1e6
        }
        return figures
    }
}
#else
extension ProcessFigures {
    static var system: ProcessFigures {
        var figures = ProcessFigures()
        figures.openDescriptors = openDescriptorCount.map(Double.init)
        // Field 2 is the name in parentheses and may contain spaces; field 3 follows it. See proc(5).
        guard let text = content(of: "/proc/self/stat"), let end = text.lastIndex(of: ")") else { return figures }
        let fields = text[text.index(after: end)...].split(separator: " ")
        func field(_ number: Int) -> Double? {
            fields.count > number - 3 ? Double(fields[number - 3]) : nil
        }
        figures.residentBytes = field(24).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
        if let ticks = field(22), let boot = bootTime {
            figures.startTime = boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
        return figures
    }

    /// When the system started, in seconds since 1970.
    private static var bootTime: Double? {
        content(of: "/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst(6)) }
    }

    private static var openDescriptorCount: Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            // Not `.` and `..`.
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        // Without the descriptor of the directory itself.
        return count - 1
    }

    /// A file of the system, whose size is not known in advance.
    private static func content(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
#endif
