package import AsyncRuntime
import ChildProcesses
import Platform
import Synchronization

/// A file as a revision of git has it, such as `main:mcp-lock.json`.
package struct RevisionedFile: Sendable {
    private let revision: String
    private let path: String

    /// Reads a word; nil if it is not a revision and a path, or if a file has this name.
    package init?(_ word: String) {
        guard let colon = word.firstIndex(of: ":"), colon != word.startIndex, !word.contains("://"),
            access(word, F_OK) != 0
        else { return nil }
        let path = word[word.index(after: colon)...]
        guard !path.isEmpty, !word.hasPrefix("-") else { return nil }
        revision = String(word[..<colon])
        self.path = String(path)
    }

    /// The time that git gets.
    private static let limit = Duration.seconds(30)

    /// The content of the file.
    ///
    /// - Throws: ``Failure`` of the class `usage` with what git says.
    package func read(on clock: any Scheduler) async throws(Failure) -> [UInt8] {
        // Without `./`, git looks from the root of the repository.
        let isRelative = !path.hasPrefix("./") && !path.hasPrefix("../")
        let object = "\(revision):\(isRelative ? "./" : "")\(path)"
        let command = ChildProcess.Command(executable: "git", arguments: ["show", "--no-textconv", object])
        let content = Mutex<[UInt8]>([])
        let errors = Mutex<String>("")
        let handlers = ChildProcess.Handlers(
            line: { line in content.withLock { $0 += line.bytes + [0x0A] } },
            errorLine: { line in
                errors.withLock { if $0.isEmpty { $0 = String(decoding: line.bytes.prefix(300), as: UTF8.self) } }
            }
        )
        let report: ExitReport
        do throws(SpawnFailure) {
            let child = try await ChildProcess.spawn(command, handlers: handlers)
            child.closeInput()
            report = await child.end(within: Self.limit, on: clock)
        } catch {
            throw failed("git did not start: \(error)")
        }
        guard case .exited(code: 0) = report.status, report.cause == .itself else {
            let said = errors.withLock { $0 }
            throw failed(said.isEmpty ? "git \(report)" : said.hasSuffix(".") ? String(said.dropLast()) : said)
        }
        return content.withLock { $0 }
    }

    private func failed(_ reason: String) -> Failure {
        .usage(
            "Could not read \(revision):\(path): \(reason).",
            nextStep: "Name a revision and a file in it, such as main:mcp-lock.json, relative to the working directory."
        )
    }
}
