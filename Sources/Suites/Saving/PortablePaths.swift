import Platform
import Tester

/// Names paths relative to the folder of a suite, so that the suite works on other machines, too.
///
/// A path is named so if it is in that folder, or in a folder that it shares with the working directory.
struct PortablePaths {
    /// The folder of the suite, absolute.
    let folder: String
    private let parts: [Substring]
    /// How many of the parts a path must share.
    private let shared: Int

    init(of folder: String, from directory: String) {
        self.folder = folder
        parts = Self.parts(of: folder)
        let count = Self.shared(parts, Self.parts(of: directory))
        shared = count == 0 ? parts.count : count
    }

    /// A path as named from the folder, `.` for the folder itself; nil if the path is elsewhere.
    func relative(_ path: String) -> String? { relative(path, to: parts) }

    /// A word of a command as named from the directory in which the command starts: other than it is only if it is the
    /// absolute path of something that exists.
    func argument(_ word: String, in directory: String) -> String {
        guard word.hasPrefix("/"), relative(directory) != nil, access(word, F_OK) == 0 else { return word }
        return relative(word, to: Self.parts(of: directory)) ?? word
    }

    /// The program, whose path a suite resolves against its own folder, and the arguments.
    func words(of process: TargetProcess, in directory: String) -> [String] {
        var program = process.command
        if program.contains("/") {
            program = ServerDefinition.absolute(program, in: directory)
            program = relative(program).map { $0.contains("/") ? $0 : "./\($0)" } ?? program
        }
        return [program] + process.arguments.map { argument($0, in: directory) }
    }

    /// Whether a word is a path that other machines do not have; those of the system count as common.
    func isOfThisMachine(_ word: String) -> Bool {
        word.hasPrefix("/") && word != "/" && !["/bin/", "/usr/"].contains(where: word.hasPrefix)
    }

    private func relative(_ path: String, to base: [Substring]) -> String? {
        let there = Self.parts(of: path)
        guard shared > 0, there.starts(with: parts.prefix(shared)) else { return nil }
        let count = Self.shared(there, base)
        let steps = Array(repeating: "..", count: base.count - count) + there.dropFirst(count)
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }

    private static func shared(_ one: [Substring], _ other: [Substring]) -> Int {
        zip(one, other).prefix { $0 == $1 }.count
    }

    /// The parts of an absolute path, without `.` and `..`.
    private static func parts(of path: String) -> [Substring] {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts
    }
}
