import Foundation

/// Other processes of the system, as `/proc` shows them.
enum Processes {
    static let isAvailable = FileManager.default.fileExists(atPath: "/proc/self/statm")
    static let absence = "this system has no /proc"

    /// The children of a process that have not been reaped.
    static func children(of parent: Int32) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { id in
            // Some exit meanwhile.
            guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
            // The name is in parentheses and may contain spaces; state and parent follow.
            let fields = status.suffix(from: status.lastIndex(of: ")") ?? status.startIndex).split(separator: " ")
            return fields.count > 2 && Int32(fields[2]) == parent
        }
    }

    /// The number of open descriptors of a process.
    static func descriptors(of process: Int32) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }

    /// The resident memory of a process, in pages.
    static func residentPages(of process: Int32) throws -> Int {
        let fields = try String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8).split(separator: " ")
        return Int(fields[1]) ?? 0
    }
}
