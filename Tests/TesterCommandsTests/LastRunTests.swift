import Dispatch
import TestSupport
import Testing

@testable import TesterCommands

/// What --last-failed repeats.
struct LastRunTests {
    @Test func runOfSomeCasesChangesNothingForTheOthers() throws {
        let folder = try TemporaryFolder()
        let last = LastRun(path: folder.path("runs/last.json"))
        #expect(last.failed == nil)
        last.keep(failed: ["a", "b"], passed: ["c"])
        last.keep(failed: ["c"], passed: ["a"])
        #expect(last.failed == ["b", "c"])
    }

    /// Shards on one machine end at the same time; without a lock they overwrite each other's outcome.
    @Test func runsThatEndAtTheSameTimeKeepAllOutcomes() throws {
        let folder = try TemporaryFolder()
        let last = LastRun(path: folder.path("last.json"))
        last.keep(failed: (0..<40).map { "old \($0)" }, passed: [])
        DispatchQueue.concurrentPerform(iterations: 40) { number in
            last.keep(failed: ["new \(number)"], passed: ["old \(number)"])
        }
        #expect(last.failed == Set((0..<40).map { "new \($0)" }))
    }
}
