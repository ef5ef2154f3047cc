import Foundation

/// What one writes in a few lines: splits the text at line feeds and gathers what stands after "data: ".
enum LineSplitter {
    static func count(in bytes: [UInt8]) -> Int {
        count(String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false))
    }

    static func countByFoundation(in bytes: [UInt8]) -> Int {
        count(String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n"))
    }

    private static func count(_ lines: [some StringProtocol]) -> Int {
        var count = 0
        var data: [String] = []
        for line in lines {
            if line.hasPrefix("data: ") {
                data.append(String(line.dropFirst(6)))
            } else if line.isEmpty {
                count += data.joined(separator: "\n").utf8.count
                data = []
            }
        }
        return count
    }
}
