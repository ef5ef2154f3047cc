import Platform

/// What the system knows about this process, under the names that every Prometheus client library uses.
public struct ProcessFigures: Sendable {
    /// The physical memory in use, in bytes; nil if the system does not tell.
    var residentBytes: Double?
    /// The processor time used so far, in seconds.
    var processorSeconds: Double?
    /// How many file descriptors are open.
    var openDescriptors: Double?
    /// When the process started, in seconds since 1970.
    var startTime: Double?

    /// The figures of this moment.
    public static var current: ProcessFigures {
        var figures = system
        var time = timespec()
        if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
            figures.processorSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        return figures
    }

    /// The figures as a page in the text format 0.0.4.
    public func page() -> [UInt8] {
        var writer = ExpositionWriter()
        let rows: [(name: String, type: SampleType, help: String, value: Double?)] = [
            ("process_cpu_seconds_total", .counter, "Processor time used, in seconds.", processorSeconds),
            ("process_open_fds", .gauge, "Number of open file descriptors.", openDescriptors),
            ("process_resident_memory_bytes", .gauge, "Physical memory in use, in bytes.", residentBytes),
            ("process_start_time_seconds", .gauge, "Start of the process, in seconds since 1970.", startTime),
        ]
        for row in rows {
            guard let value = row.value else { continue }
            writer.begin(row.name, row.type, help: row.help)
            writer.write(.value(value))
        }
        return writer.bytes
    }
}
