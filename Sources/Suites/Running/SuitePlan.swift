import HostConfiguration
import Platform
package import Tester

/// Suites that are ready to run: read without a mistake, with their snapshots.
package struct SuitePlan: Sendable {
    package let suites: [Suite]
    /// The snapshots of each suite that uses any, by its path.
    package let snapshots: [String: Snapshots]

    /// Reads a file to its end.
    package typealias Reader = (_ path: String) async throws(Failure) -> [UInt8]

    /// Reads the suites that paths name.
    ///
    /// - Parameters:
    ///   - paths: Files, and folders that are searched.
    ///   - mode: Whether snapshots are compared or written.
    ///   - environment: The value of an environment variable; nil if it is not set.
    /// - Throws: ``Failure`` of the class `usage` with every mistake in every file.
    package init(
        _ paths: [String],
        mode: Snapshots.Mode = .compare,
        environment: @escaping @Sendable (String) -> String?,
        read: Reader = Self.read
    ) async throws(Failure) {
        let files = try await offLoop { () throws(Failure) in try SuiteFiles.find(paths) }
        var suites: [Suite] = []
        var problems: [SuiteProblem] = []
        for file in files {
            let bytes = try await read(file)
            do throws(SuiteProblems) {
                suites.append(try SuiteLoader.read(bytes, path: file, environment: environment))
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else {
            let mistakes = problems.count == 1 ? "the mistake" : "the \(problems.count) mistakes"
            throw .usage(
                "\(problems.map(\.description).joined(separator: "\n"))",
                nextStep: "Nothing ran: correct \(mistakes). mcp-test-mcp schema suite prints the format."
            )
        }
        var snapshots: [String: Snapshots] = [:]
        for suite in suites where suite.usesSnapshots {
            let path = Snapshots.path(of: suite.path)
            var bytes: [UInt8]?
            if access(path, F_OK) == 0 { bytes = try await read(path) }
            do throws(SuiteProblems) {
                snapshots[suite.path] = try Snapshots(path: path, bytes, mode: mode)
            } catch {
                throw .usage("\(error)", nextStep: "Nothing ran.")
            }
        }
        self.suites = suites
        self.snapshots = snapshots
    }

    /// Reads a regular file.
    package static func read(_ path: String) async throws(Failure) -> [UInt8] {
        try await offLoop { () throws(Failure) in
            do throws(FileProblem) {
                return try ConfigurationFile.read(path, limit: SuiteLoader.sizeLimit)
            } catch {
                throw .usage("Could not read \(path): \(error).", nextStep: "Name a readable suite file.")
            }
        }
    }

    /// How many cases there are, selected or not.
    package var caseCount: Int { suites.reduce(0) { $0 + $1.cases.count } }

    /// The values that must not appear in any output.
    package var secrets: [String] { suites.flatMap(\.secrets) }

    /// Writes snapshots that have changed.
    ///
    /// - Parameter isComplete: Whether all cases ran, so that snapshots that none has used are removed.
    /// - Returns: What could not be written, as sentences.
    package func writeSnapshots(isComplete: Bool) -> [String] {
        var problems: [String] = []
        for snapshots in snapshots.values.sorted(by: { $0.path < $1.path }) {
            guard let content = snapshots.content(pruning: isComplete) else { continue }
            do throws(FileProblem) {
                try ConfigurationFile.replace(snapshots.path, with: content)
            } catch {
                problems.append("The snapshots \(snapshots.path) were not written: \(error).")
            }
        }
        return problems
    }
}
