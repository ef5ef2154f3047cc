import Platform
import Tester

extension SuitePlan {
    /// The patterns of the files whose changes can change the outcome: the suites, their snapshots, and the programs of
    /// their servers with what lies beside them.
    ///
    /// - Parameter executable: The program that serves the demo server.
    package func watchedPatterns(executable: String) -> [String] {
        var patterns: [String] = []
        for suite in suites {
            patterns.append(FileWatch.pattern(of: suite.path))
            if suite.usesSnapshots { patterns.append(FileWatch.pattern(of: Snapshots.path(of: suite.path))) }
            let folder = ServerDefinition.folder(of: suite.path)
            for server in suite.servers {
                let target: Target
                do throws(Failure) {
                    target = try server.target(in: folder, executable: executable)
                } catch {
                    // The run has reported that.
                    continue
                }
                if let process = target.process { patterns += Self.patterns(of: process, in: folder) }
            }
        }
        var known: Set<String> = []
        return patterns.filter { known.insert($0).inserted }
    }

    /// The files that the words of a command name; of a script, also those with its extension in and below its folder.
    private static func patterns(of process: TargetProcess, in folder: String) -> [String] {
        let directory = process.workingDirectory ?? folder
        var patterns: [String] = []
        for (index, word) in ([process.command] + process.arguments).enumerated() {
            let path = ServerDefinition.absolute(word, in: directory)
            guard word.contains("/") || index > 0, isFile(path) else { continue }
            patterns.append(FileWatch.pattern(of: path))
            guard index > 0, let slash = path.lastIndex(of: "/"), let dot = path.lastIndex(of: "."), dot > slash else {
                continue
            }
            patterns.append("\(FileWatch.pattern(of: String(path[..<slash])))/**/*\(path[dot...])")
        }
        return patterns
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
