import AsyncRuntime
import JSON
import Platform

/// A restart that changed files caused.
package struct AutomaticRestart: Sendable {
    /// The files, relative to the directory of the server.
    let files: [String]

    package init(files: [String]) {
        self.files = files
    }

    /// The files in a few words.
    package var cause: String {
        let shown = files.prefix(2).joined(separator: ", ")
        return files.count > 2 ? "\(shown) and \(files.count - 2) more changed" : "\(shown) changed"
    }
}

extension TesterSession {
    /// Watches files from now on, in place of those watched before for the same connection.
    ///
    /// - Returns: What is watched, for the report.
    func watch(_ patterns: [String], for connection: Connection) -> JSONValue {
        guard !patterns.isEmpty else {
            setWatch(nil, for: connection.name)
            return ["patterns": [], "files": 0]
        }
        let directory = connection.target.process?.workingDirectory ?? TargetResolver().directory
        let watch = FileWatch(patterns, in: directory)
        let files = watch.snapshot()
        let name = connection.name
        setWatch(
            Task(executorPreference: globalConcurrentExecutor) { [weak self] in
                await self?.follow(watch, from: files, name)
            },
            for: name
        )
        return ["patterns": .array(patterns.map(JSONValue.string)), "files": JSONValue(files.count)]
    }

    /// Restarts a server whenever the watched files have changed and no call is open, until the task is cancelled.
    private func follow(_ watch: FileWatch, from files: [String: FileStamp], _ name: String) async {
        var known = files
        while let present = await watch.change(from: known, on: clock) {
            let change = AutomaticRestart(files: watch.changes(from: known, to: present))
            while let connection = registry.find(name), !connection.inbox.calls.isEmpty {
                await clock.wait(for: FileWatch.interval)
                if Task.isCancelled { return }
            }
            known = present
            guard let connection = registry.find(name) else { return }
            let report = await restart(RestartRequest(name), because: change)
            if let failure = report.failure {
                connection.noteFailedRestart("because \(change.cause), and did not start again: \(failure.message)")
            }
            if let onRestart = settings.onRestart { onRestart(change.cause, report, registry.find(name)) }
        }
    }
}

extension Operation {
    /// Says in a report that changed files restarted the server before it.
    func addRestart(to report: inout Report) {
        guard let restart = connection.takeRestart() else { return }
        report.addToSummary("the server was restarted first because \(restart.cause)")
        report.insert("restarted_because", .value(.array(restart.files.map(JSONValue.string))))
    }

    /// Says in a report that the running process does not have the latest code.
    func addChangedFile(to report: inout Report) {
        guard let file = connection.targetFile, file.hasChanged else { return }
        report.findings.append(
            .init(
                .usage,
                "\(file.name) changed after the server started: this came from the old code.",
                nextStep: "Call restart_server: it runs the new code."
            )
        )
    }
}
