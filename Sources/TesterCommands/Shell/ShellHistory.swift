import JSON
import MCPHTTP
import Platform
import Terminal
import Tester

/// The lines of earlier sessions, in a file that only the user can read.
///
/// A line with a secret is never written.
struct ShellHistory {
    /// The path of the file; nil if there is no place for it.
    private let path: String?

    /// How many lines the file has at most when a session begins.
    static let limit = 1000

    init(_ environment: Environment) {
        let folder =
            environment[terminal: "XDG_STATE_HOME"]
            ?? environment[terminal: "HOME"].map { "\($0)/.local/state" }
        // A relative path would be another one in each working directory.
        path = folder.flatMap { $0.hasPrefix("/") ? "\($0)/\(Program.name)/history" : nil }
    }

    /// Reads the lines, and shortens the file if it has become long.
    func load() -> [String] {
        guard let path, let file = fopen(path, "rb") else { return [] }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        fclose(file)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count > 2 * Self.limit else { return lines }
        let kept = Array(lines.suffix(Self.limit))
        // Replaced as a whole, so that another session never reads a part of it.
        let copy = "\(path).\(getpid())"
        if append(kept, to: copy), rename(copy, path) != 0 { unlink(copy) }
        return kept
    }

    /// Adds a line to the file, unless it begins with a space or has a secret.
    func add(_ line: String, redactor: Redactor) {
        guard let path, Self.isStorable(line, redactor: redactor) else { return }
        makeFolders(for: path)
        _ = append([line], to: path)
    }

    /// Whether a line may be written to a file.
    static func isStorable(_ line: String, redactor: Redactor = Redactor()) -> Bool {
        guard !line.hasPrefix(" "), !line.contains("\n"), redactor.redact(line) == line else { return false }
        let words = ShellWords(line)
        // Half a word could be half a secret.
        guard words.open == nil else { return false }
        return words.texts.allSatisfy { ArgumentRedaction.shown($0) == $0 && !hasSecretMember($0) }
    }

    /// Whether JSON in a word has a member with the name of a secret.
    private static func hasSecretMember(_ word: String) -> Bool {
        guard let start = word.firstIndex(where: { $0 == "{" || $0 == "[" }) else { return false }
        do throws(JSONError) {
            return hasSecretMember(try JSONValue(parsing: String(word[start...])))
        } catch {
            return false
        }
    }

    private static func hasSecretMember(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object):
            object.members.contains { Redaction.isSecret($0.key) || hasSecretMember($0.value) }
        case .array(let items): items.contains(where: hasSecretMember)
        case .string(let text): ArgumentRedaction.shown(text) != text
        default: false
        }
    }

    private func makeFolders(for path: String) {
        var end = path.startIndex
        while let slash = path[path.index(after: end)...].firstIndex(of: "/") {
            // Those that exist fail.
            mkdir(String(path[..<slash]), 0o700)
            end = slash
        }
    }

    private func append(_ lines: [String], to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // The file may be older than this rule.
        fchmod(descriptor, 0o600)
        // One write, so that lines of two sessions do not mix.
        let bytes = Array(lines.joined(separator: "\n").utf8) + [0x0A]
        return bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    }
}
