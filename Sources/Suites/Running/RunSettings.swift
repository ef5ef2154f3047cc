package import Tester

/// How cases are run.
package struct RunSettings: Sendable {
    /// The settings of the sessions that cases connect with.
    package var tester: TesterSettings
    package var clock: any TesterClock
    /// The program that serves the demo server.
    package var executable: String
    /// How many cases run at the same time.
    package var jobs: Int
    /// Whether no further case is started after one failed.
    package var failsFast = false
    /// Whether the results have the messages of each step.
    package var keepsFrames = false
    /// The order in which cases start: that of the files, or shuffled by a seed.
    package var seed: UInt64?
    /// The snapshots of each suite, by its path.
    package var snapshots: [String: Snapshots] = [:]
    /// The part of the cases that this run has; nil if it has all.
    package var shard: CaseSelection.Shard?
    /// The wording for the reader of the results.
    package var wording = Wording.suiteCommand
    /// Creates the session of a case; for an assistant, one that shares the logins of the assistant's session.
    package var makeSession: @Sendable (TesterSettings, any TesterClock) -> TesterSession = { settings, clock in
        TesterSession(settings: settings, clock: clock)
    }
    /// The command line that repeats one case.
    package var repeatCommand: @Sendable (_ file: String, _ name: String) -> String = { file, name in
        "mcp-test-mcp run \(file) --filter \(name)"
    }

    package init(tester: TesterSettings, clock: any TesterClock, executable: String, jobs: Int) {
        self.tester = tester
        self.clock = clock
        self.executable = executable
        self.jobs = jobs
    }
}
