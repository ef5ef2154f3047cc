import Dispatch
import TestSupport
import Testing

@testable import Tester

@Suite("Work that may block", .timeLimit(.minutes(15)))
struct OffLoopTests {
    @Test("Its result and its failure are passed on")
    func results() async throws {
        #expect(try await offLoop { () throws(Failure) in 1 } == 1)
        await #expect(throws: Failure.self) {
            try await offLoop { () throws(Failure) in throw Failure.usage("no", nextStep: "") }
        }
    }

    @Test("A cancelled task does not wait for it")
    func cancellation() async {
        let release = DispatchSemaphore(value: 0)
        let task = Task { try await offLoop { () throws(Failure) in release.wait() } }
        task.cancel()
        await #expect {
            try await task.value
        } throws: {
            ($0 as? Failure)?.failureClass == .cancelled
        }
        release.signal()
    }
}
